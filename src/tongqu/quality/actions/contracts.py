"""Take over the rules of an ODCS contract into the pack of an entry."""

from dataclasses import dataclass

from tongqu.catalog.ports import Refused, interchange
from tongqu.catalog.public import published
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.quality.actions.packs import save_pack
from tongqu.quality.domain.contracts import rules_of
from tongqu.quality.domain.rules import BadRule
from tongqu.quality.models import RulePack

PREFIX = "odcs."


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What came of a contract: rules in the pack, and what was left with its reason."""

    version: int
    rules: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


def take_over(entry_code: str, content: bytes, *, by: Actor) -> TakenOver:
    """Put the contract's rules in the place of those an earlier contract gave; keep the others.

    Raises: ``Rejected`` BAD_RULE naming the place that is not understood, or why the file
    cannot be read.
    """
    entry = published(entry_code)
    try:
        taken = rules_of(interchange().read_contract(content))
    except Refused as refused:
        raise Rejected(
            Problem(refused.code, refused.title, refused.next_step, basis=law.QUALITY)
        ) from refused
    except BadRule as wrong:
        raise Rejected(
            Problem(
                code="BAD_RULE",
                title="数据合约中有不能执行的要求，未导入。",
                next_step="请按所列位置改正后重新导入。",
                basis=law.QUALITY,
                fields={"file": f"{wrong.where}：{wrong.what}"},
            )
        ) from wrong
    pack = RulePack.objects.filter(entry_code=entry.code).first()
    kept = [dict(one) for one in pack.rules] if pack else []
    own = [one for one in kept if not str(one.get("code", "")).startswith(PREFIX)]
    saved = save_pack(entry.code, [*own, *taken.rules], by=by)
    return TakenOver(
        saved.version, tuple(str(rule["code"]) for rule in taken.rules), tuple(taken.left)
    )
