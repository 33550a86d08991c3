"""Reads of surveys: rounds and answers in the asker's sight, and how far a round has come."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from tongqu.identity.vocabulary import Permission
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.ledger.domain import problems
from tongqu.ledger.domain.stock import share
from tongqu.ledger.models import SurveyAnswer, SurveyedTable, SurveyRound
from tongqu.ledger.queries.scope import sees_all
from tongqu.ledger.vocabulary import ANSWERED, AnswerState, RoundState

_ANSWERED = sorted(state.value for state in ANSWERED)


def rounds(actor: Actor) -> QuerySet[SurveyRound]:
    """Return the rounds: all to those who look after them, else those sent to one's own unit."""
    found = SurveyRound.objects.annotate(
        asked=Count("answers", distinct=True),
        answered=Count("answers", filter=Q(answers__state__in=_ANSWERED), distinct=True),
    )
    found = found.order_by("-pk")  # counting drops the order of the table
    if sees_all(actor):
        return found
    own = SurveyAnswer.objects.filter(organisation_id=actor.organisation_id or 0)
    sent = SurveyRound.objects.filter(answers__in=own).exclude(state=RoundState.COMPILING)
    return found.filter(pk__in=sent)


def round_for(pk: int, actor: Actor) -> SurveyRound:
    """Return one round in sight. Raises: ``Rejected`` NOT_FOUND."""
    found = rounds(actor).filter(pk=pk).first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found


def answers(found: SurveyRound, actor: Actor) -> QuerySet[SurveyAnswer]:
    rows = found.answers.select_related("organisation").annotate(table_count=Count("tables"))
    rows = rows.order_by("organisation__code")
    return rows if sees_all(actor) else rows.filter(organisation_id=actor.organisation_id or 0)


def own_answer(round_id: int, actor: Actor) -> SurveyAnswer:
    """Return the asker's own questionnaire. Raises: ``Rejected`` NOT_YOUR_SURVEY."""
    found = (
        SurveyAnswer.objects.select_related("round", "organisation")
        .filter(round_id=round_id, organisation_id=actor.organisation_id or 0)
        .exclude(round__state=RoundState.COMPILING)
        .first()
    )
    if found is None:
        raise Rejected(problems.NOT_YOUR_SURVEY)
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round has come. ``share`` is answered ÷ asked; None while nobody is asked."""

    asked: int
    answered: int
    share: Decimal | None
    missing: tuple[str, ...]  # names of departments that have not answered
    tables: int
    rows: int
    drafted: int


def progress(found: SurveyRound) -> Progress:
    """Return the figures of one round over all departments, whoever asks.

    Grain: one row a department; tables count only where the answer was submitted.
    """
    rows = list(found.answers.values_list("organisation__name", "state"))
    missing = tuple(name for name, state in rows if state not in _ANSWERED)
    tables = SurveyedTable.objects.filter(answer__round=found, answer__state__in=_ANSWERED)
    facts = list(tables.values_list("rows", "entry_code"))
    return Progress(
        asked=len(rows),
        answered=len(rows) - len(missing),
        share=share(len(rows) - len(missing), len(rows)),
        missing=missing,
        tables=len(facts),
        rows=sum(rows_ or 0 for rows_, _ in facts),
        drafted=sum(bool(code) for _, code in facts),
    )


def waiting_answers(actor: Actor) -> QuerySet[SurveyAnswer]:
    """Return what waits for the asker: its own questionnaire, or one to review."""
    turn = Q(pk=None)
    open_rounds = (RoundState.ISSUED, RoundState.FILLING, RoundState.REVIEWING)
    if actor.may(Permission.LEDGER_SURVEY_ANSWER):
        mine = Q(organisation_id=actor.organisation_id or 0)
        turn |= mine & Q(state__in=(AnswerState.WAITING, AnswerState.RETURNED))
    if actor.may(Permission.LEDGER_SURVEY_MANAGE):
        turn |= Q(state=AnswerState.SUBMITTED)
    found = SurveyAnswer.objects.filter(turn, round__state__in=open_rounds)
    return found.select_related("round", "organisation").order_by("round__due_on", "pk")
