"""What an identifier stands for: an entry here, or the node that issued it (INF-01)."""

from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet

from tongqu.catalog.domain import identifiers, problems
from tongqu.catalog.models import Entry, EntryVersion, ExternalIdentifier, HubNode
from tongqu.catalog.vocabulary import ExternalIdentifierView, Node, Resolved
from tongqu.identity.public import organisations
from tongqu.kernel import clock
from tongqu.kernel.problems import Rejected


def code_rule() -> str:
    """Return the key of the code rule that this hub issues identifiers under."""
    chosen: str = settings.IDENTIFIER_RULE or identifiers.DEFAULT
    rule = identifiers.rule(chosen)
    if not rule.issues:
        raise ValueError(f"code rule {chosen!r} is read only: no identifiers are issued under it")
    return rule.key


def here() -> Node:
    """Return this hub as a node: the division of its managing office."""
    office = next((unit for unit in organisations() if unit.is_managing_office), None)
    division = settings.HUB_DIVISION or (office.division_code if office else "")
    name = office.name if office else "本平台"
    return Node(identifiers.division_of(division), name, settings.BASE_URL, is_here=True)


def nodes() -> list[Node]:
    return [Node(node.code, node.name, node.url) for node in HubNode.objects.all()]


def node_of(division: str) -> Node | None:
    """Return the registered node of a division, or of the city that it belongs to."""
    wanted = [division, f"{division[:4]}00", f"{division[:2]}0000"]
    found = {node.code: node for node in HubNode.objects.filter(code__in=wanted)}
    best = next((found[code] for code in wanted if code in found), None)
    return Node(best.code, best.name, best.url) if best else None


def external(on: date | None = None) -> QuerySet[ExternalIdentifier]:
    """Return external identifiers that hold on a day; all of them without one."""
    found = ExternalIdentifier.objects.select_related("entry")
    if on is None:
        return found
    return found.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


def external_identifiers(code: str) -> tuple[ExternalIdentifierView, ...]:
    """Return what others call an entry, past names included."""
    return tuple(external_view(row) for row in external().filter(entry__code=code))


def external_view(row: ExternalIdentifier) -> ExternalIdentifierView:
    return ExternalIdentifierView(
        scheme=row.scheme,
        value=row.value,
        assigned_by=row.assigned_by,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        entry_code=row.entry.code,
    )


def resolve(identifier: str) -> Resolved | None:
    """Return what an identifier stands for, whoever issued it; None for an unknown one.

    ``identifier`` is a 统一目录标识, an external value, or ``scheme:value``. What was never
    in force answers as what nobody issued; ``entry`` is None once it is in force no more.
    Raises: ``Rejected`` IDENTIFIER_WRONG when its check character does not fit.
    """
    text = identifier.strip()
    was_in_force = EntryVersion.objects.exclude(valid_from=None).values("entry_id")
    found = Entry.objects.filter(code=text, pk__in=was_in_force).first()
    if found is not None:
        return _resolved(text, "", found)
    scheme, _, value = text.rpartition(":")
    holding = external(clock.today()).filter(entry__in=was_in_force)
    known = holding.filter(value=value or text)
    row = (known.filter(scheme=scheme) if scheme else known).first()
    row = row or holding.filter(value=text).first()
    if row is not None:
        return _resolved(text, row.scheme, row.entry)
    return _elsewhere(text)


def _elsewhere(text: str) -> Resolved | None:
    try:
        rule, parts = identifiers.read(text)
    except identifiers.Unfit as unfit:
        if unfit.is_check:
            raise Rejected(problems.identifier_wrong(str(unfit))) from unfit
        return None
    node = node_of(parts["division"])
    return Resolved(text, rule.key, text, node) if node else None


def _resolved(text: str, scheme: str, entry: Entry) -> Resolved:
    from tongqu.catalog import queries

    version = queries.in_force(entry.code)
    home = here()
    if entry.home and entry.home != home.code:
        home = node_of(entry.home) or Node(entry.home, f"节点 {entry.home}")
    view = queries.view_of(version) if version else None
    return Resolved(text, scheme or "catalog", entry.code, home, view)
