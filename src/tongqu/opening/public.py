"""Doors of opening: the steps of a case, the open list, the public's voice.

Codes raised here: LEVEL_NEVER_OPENS, NOT_YOUR_ENTRY, NO_TABLE, ALREADY_PROPOSED, REVIEW_BLOCKED,
CONCERNS_OPEN, RISK_HELD, NO_RISK_REPORT, OPENING_STEP, OPEN_TYPE_CLOSED, OPEN_RATE, NOT_FOUND.
"""

from pathlib import Path

from tongqu.delivery.public import open_table
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.kernel.work import TodoItem
from tongqu.opening import queries
from tongqu.opening.actions import serve
from tongqu.opening.actions.assess import assess
from tongqu.opening.actions.listen import answer, speak, vote
from tongqu.opening.actions.propose import Proposal, propose
from tongqu.opening.actions.publish import freeze, publish, watch, withdraw
from tongqu.opening.actions.review import pass_case, review
from tongqu.opening.domain.states import OPENING
from tongqu.opening.permissions import ROLE_PERMISSION
from tongqu.opening.vocabulary import Licence, OpenSetView, OpenState, Plan, VoiceState

__all__ = [
    "Proposal", "admit_caller", "answer", "assess", "edition_of", "freeze", "open_sets",
    "pass_case", "plan", "propose", "publish", "review", "speak", "todos", "vote", "watch",
    "withdraw", "write_open_table",
]  # fmt: skip


def open_sets() -> list[OpenSetView]:
    """Return the sets whose data leave now, the oldest first."""
    return [
        OpenSetView(
            case.entry_code, case.entry_name, OpenState(case.state), case.publisher.name,
            Licence(case.licence), case.releases.count(),
        )
        for case in queries.served()
    ]  # fmt: skip


def plan() -> list[Plan]:
    """Return what to open first, with the reason (000 (五))."""
    return queries.plan()


def todos(actor: Actor) -> list[TodoItem]:
    """Return the cases and the public's questions that wait for the actor."""
    held = {role for role, permission in ROLE_PERMISSION.items() if actor.may(permission)}
    found = []
    for case in queries.cases_seen_by(actor).filter(state__in=("proposed", "reviewing",
                                                               "to_publish")):  # fmt: skip
        if OPENING.allowed(OpenState(case.state), frozenset(held)):
            found.append(
                TodoItem(
                    kind="开放审查",
                    reference=case.number,
                    title=case.entry_name,
                    url=f"/openmgr/{case.number}/",
                    received_at=case.proposed_at,
                    from_whom=case.publisher.name,
                )
            )
    if actor.may("opening.voice.answer"):
        found += [
            TodoItem(
                kind="公众意见",
                reference=voice.number,
                title=voice.title,
                url="/openmgr/voices/",
                received_at=voice.at,
                due_on=voice.due_on,
                due_provisional=voice.due_provisional,
                from_whom="公众",
            )
            for voice in queries.waiting_voices(actor).filter(state=VoiceState.WAITING)
        ]
    return found


def admit_caller(address: str) -> None:
    """Let somebody without log-in ask, unless too often. Raises: ``Rejected`` OPEN_RATE."""
    serve.admit(address, scope="data", most=serve.CALLS_A_MINUTE)


def edition_of(table: str) -> str | None:
    """Return what changes when the open set of a service table does; None while it is not open."""
    case = queries.served().filter(table=table).first()
    if case is None:
        return None
    try:
        return serve.edition(queries.data_case(case.entry_code)).tag
    except Rejected:
        return None


def write_open_table(table: str, path: Path) -> bool:
    """Write the open set of a service table as it is released (Parquet), for products.

    Returns false, and writes nothing, while there is none for everybody.
    """
    if edition_of(table) is None:
        return False
    case = queries.served().filter(table=table).first()
    if case is None:
        return False
    open_table(queries.terms_of(case), path)
    return True
