"""Survey the departments' data (摸清数据底数): from the round to drafts of catalogue entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import DataFormat, DataType, EntryView, ItemView, UpdateCycle
from tongqu.identity.public import notify, organisations, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Rejected
from tongqu.ledger.domain import problems
from tongqu.ledger.domain.states import ANSWER, ROUND, AnswerCommand, RoundCommand
from tongqu.ledger.models import SurveyAnswer, SurveyedTable, SurveyRound
from tongqu.ledger.queries import surveys as queries
from tongqu.ledger.vocabulary import AnswerState, RoundState
from tongqu.policy.clauses import mot_2025

LAW = mot_2025.INVENTORY
MOST_TABLES = 5_000
MOST_ROWS = 10**15


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """One table of a questionnaire. ``columns`` are [中文名, 英文名, 类型] triples."""

    system: str
    name: str
    rows: int | None = None
    update_cycle: str = UpdateCycle.IRREGULAR.value
    columns: Sequence[Sequence[str]] = ()
    note: str = ""


@transaction.atomic
def compile_round(
    *, title: str, note: str, due_on: date, departments: Sequence[str], by: Actor
) -> SurveyRound:
    """Compile a round for these departments (codes). It is sent by ``take_step`` ISSUE."""
    require(by, Permission.LEDGER_SURVEY_MANAGE)
    wanted = set(departments)
    asked = [found for found in organisations() if found.code in wanted]
    faults = {}
    if not 2 <= len(title.strip()) <= 120:
        faults["title"] = "请填写 2 至 120 个字的名称。"
    if due_on < clock.today():
        faults["due_on"] = "填报截止不能早于今天。"
    if not asked or len(asked) != len(wanted) or not all(o.is_government for o in asked):
        faults["departments"] = "请选择已登记的政务部门，至少一个。"
    if faults:
        raise Rejected(problems.invalid(LAW, **faults))
    made = SurveyRound.objects.create(
        title=title.strip(), note=note.strip()[:1000], due_on=due_on, created_at=clock.now(),
        created_by=str(by),
    )  # fmt: skip
    SurveyAnswer.objects.bulk_create(SurveyAnswer(round=made, organisation=o) for o in asked)
    record("ledger.survey.compiled", by=by, subject=_subject(made), basis=LAW)
    return made


@transaction.atomic
def take_step(round_id: int, command: RoundCommand, *, by: Actor) -> SurveyRound:
    """Issue a round, close filling, sum it up or put it away.

    Raises: ``IllegalStep``; ``Rejected`` ANSWERS_OPEN when summed up before all is reviewed.
    """
    require(by, Permission.LEDGER_SURVEY_MANAGE)
    found = _locked(round_id)
    unread = found.answers.filter(state=AnswerState.SUBMITTED)
    if command is RoundCommand.SUMMARISE and unread.exists():
        raise Rejected(problems.ANSWERS_OPEN)
    _move(found, command, by=by)
    if command is RoundCommand.ISSUE:
        for answer in found.answers.select_related("organisation"):
            _ask(found, answer)
    return found


def _locked(round_id: int) -> SurveyRound:
    found = SurveyRound.objects.select_for_update().filter(pk=round_id).first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found


def _move(found: SurveyRound, command: RoundCommand, *, by: Actor) -> None:
    step = ROUND.step(RoundState(found.state), command)
    found.state = step.target
    if command is RoundCommand.ISSUE:
        found.issued_at = clock.now()
    if command is RoundCommand.REVIEW:
        found.closed_at = clock.now()
    found.save()
    record(f"ledger.survey.{command.value}", by=by, subject=_subject(found), basis=step.basis)


def _ask(found: SurveyRound, answer: SurveyAnswer) -> None:
    for role in (Role.CATALOGUER, Role.HUB_ADMIN):
        notify(
            f"请于 {found.due_on.isoformat()} 前填报“{found.title}”。",
            key=f"ledger.survey {found.pk} {answer.organisation_id} {role}",
            kind="资源调查",
            url=f"/manage/surveys/{found.pk}/answer/",
            organisation_id=answer.organisation_id,
            role=role,
        )


@transaction.atomic
def save_answer(
    round_id: int, tables: Sequence[TableAnswer], *, gaps: str, by: Actor
) -> SurveyAnswer:
    """Keep one's own questionnaire whole; what it held before is replaced."""
    answer = _writable(round_id, by)
    _check(tables)
    drafted = {(t.system, t.name): t.entry_code for t in answer.tables.all()}
    answer.tables.all().delete()
    SurveyedTable.objects.bulk_create(
        SurveyedTable(
            answer=answer, system=t.system.strip(), name=t.name.strip(), rows=t.rows,
            update_cycle=t.update_cycle, columns=[list(c) for c in t.columns],
            note=t.note.strip(), entry_code=drafted.get((t.system.strip(), t.name.strip()), ""),
        )
        for t in tables
    )  # fmt: skip
    answer.gaps = gaps.strip()[:1000]
    answer.save(update_fields=["gaps"])
    record(
        "ledger.survey.answer_saved", by=by, subject=_subject(answer.round), basis=LAW,
        details={"tables": len(tables)},
    )  # fmt: skip
    return answer


def tables_of(answer: SurveyAnswer) -> list[TableAnswer]:
    """Return what a questionnaire holds now, as ``save_answer`` takes it."""
    return [
        TableAnswer(t.system, t.name, t.rows, t.update_cycle, t.columns, t.note)
        for t in answer.tables.all()
    ]


def _writable(round_id: int, by: Actor) -> SurveyAnswer:
    require(by, Permission.LEDGER_SURVEY_ANSWER)
    seen = queries.own_answer(round_id, by)
    _locked(round_id)
    SurveyAnswer.objects.select_for_update().get(pk=seen.pk)
    answer = queries.own_answer(round_id, by)  # as it stands now that nobody else can move it
    is_open = answer.round.state in (RoundState.ISSUED, RoundState.FILLING) or (
        answer.round.state == RoundState.REVIEWING and answer.state == AnswerState.RETURNED
    )
    if not is_open or answer.state not in (AnswerState.WAITING, AnswerState.RETURNED):
        raise Rejected(problems.SURVEY_CLOSED)
    return answer


def _check(tables: Sequence[TableAnswer]) -> None:
    names = [(t.system.strip(), t.name.strip()) for t in tables]
    faults = {}
    if len(tables) > MOST_TABLES:
        faults["tables"] = f"一份问卷最多 {MOST_TABLES} 张表，请按系统分批。"
    if any(not 1 <= len(system) <= 120 for system, _ in names):
        faults["system"] = "请填写所属系统，不超过 120 个字。"
    if any(not 1 <= len(name) <= 200 for _, name in names):
        faults["name"] = "请填写表名，不超过 200 个字。"
    elif len(set(names)) != len(names):
        faults["name"] = "同一系统里已有这张表。"
    if any(t.rows is not None and not 0 <= t.rows <= MOST_ROWS for t in tables):
        faults["rows"] = "数据量须为不小于 0 的整数。"
    if any(t.update_cycle not in set(UpdateCycle) for t in tables):
        faults["update_cycle"] = "请从列表中选择更新周期。"
    if any(len(t.note) > 500 for t in tables):
        faults["note"] = "缺口说明不超过 500 个字。"
    kinds = set(DataType)
    if any(len(c) != 3 or not c[0] or c[2] not in kinds for t in tables for c in t.columns):
        faults["columns"] = "字段须为中文名、英文名、类型三项。"
    if faults:
        raise Rejected(problems.invalid(LAW, **faults))


@transaction.atomic
def submit_answer(round_id: int, *, by: Actor) -> SurveyAnswer:
    """Hand one's own questionnaire in. Without a table it must say why, in the gaps."""
    answer = _writable(round_id, by)
    if not answer.tables.exists() and not answer.gaps:
        raise Rejected(
            problems.invalid(LAW, tables="请至少填报一张表，或在数据缺口中说明没有数据。")
        )
    _step(answer, AnswerCommand.SUBMIT)
    answer.submitted_at, answer.submitted_by, answer.reason = clock.now(), str(by), ""
    answer.save()
    found = _locked(round_id)
    if found.state == RoundState.ISSUED:
        _move(found, RoundCommand.BEGIN, by=PLATFORM)
    record("ledger.survey.answered", by=by, subject=_subject(found), basis=LAW)
    return answer


@transaction.atomic
def review_answer(
    answer_id: int, command: AnswerCommand, *, reason: str, by: Actor
) -> SurveyAnswer:
    """Accept a questionnaire, or return it with a reason."""
    require(by, Permission.LEDGER_SURVEY_MANAGE)
    answer = (
        SurveyAnswer.objects.select_for_update(of=("self",))
        .select_related("round", "organisation")
        .filter(pk=answer_id, round__state__in=(RoundState.FILLING, RoundState.REVIEWING))
        .first()
    )
    if answer is None or command is AnswerCommand.SUBMIT:
        raise Rejected(problems.NOT_FOUND)
    if command is AnswerCommand.RETURN and not reason.strip():
        raise Rejected(problems.invalid(LAW, reason="请写明退回原因。"))
    _step(answer, command)
    answer.reason = reason.strip()[:300] if command is AnswerCommand.RETURN else ""
    answer.save()
    record(
        f"ledger.survey.{command.value}", by=by, subject=_subject(answer.round), basis=LAW,
        details={"department": answer.organisation.code},
    )  # fmt: skip
    if command is AnswerCommand.RETURN:
        _ask_again(answer)
    return answer


def _step(answer: SurveyAnswer, command: AnswerCommand) -> None:
    answer.state = ANSWER.step(AnswerState(answer.state), command).target


def _ask_again(answer: SurveyAnswer) -> None:
    for role in (Role.CATALOGUER, Role.HUB_ADMIN):
        notify(
            f"资源调查问卷被退回：{answer.reason[:120]}",
            key=f"ledger.survey.returned {answer.pk} {answer.submitted_at} {role}",
            kind="资源调查",
            url=f"/manage/surveys/{answer.round_id}/answer/",
            organisation_id=answer.organisation_id,
            role=role,
        )


@transaction.atomic
def draft_table(table_id: int, *, by: Actor) -> EntryView:
    """Make a catalogue draft of an answered table; asked again, return the same draft.

    Raises: ``Rejected`` NOT_FOUND for a table of another department, SURVEY_CLOSED before
    the questionnaire was submitted.
    """
    require(by, Permission.CATALOG_ENTRY_DRAFT)
    table = (
        SurveyedTable.objects.select_for_update(of=("self",))
        .select_related("answer__round")
        .filter(pk=table_id, answer__organisation_id=by.organisation_id or 0)
        .first()
    )
    if table is None:
        raise Rejected(problems.NOT_FOUND)
    if table.answer.state not in (AnswerState.SUBMITTED, AnswerState.ACCEPTED):
        raise Rejected(problems.invalid(LAW, tables="请先提交问卷，再生成目录草稿。"))
    known = catalog.entry(table.entry_code) if table.entry_code else None
    if known is not None:
        return known
    made = catalog.new_draft(
        name=table.name, owner_id=by.organisation_id or 0, by=by, fields=_fields(table)
    )
    table.entry_code = made.code
    table.save(update_fields=["entry_code"])
    record(
        "ledger.survey.drafted", by=by, subject=made.code, basis=LAW,
        details={"round": table.answer.round_id},
    )  # fmt: skip
    return made


def draft_all(round_id: int, *, by: Actor) -> int:
    """Make a draft of every table of one's own questionnaire; return how many are new."""
    answer = queries.own_answer(round_id, by)
    waiting = list(answer.tables.filter(entry_code="").values_list("pk", flat=True))
    for pk in waiting:
        draft_table(pk, by=by)
    return len(waiting)


def _fields(table: SurveyedTable) -> dict[str, object]:
    volume = f"约 {table.rows:,} 行。" if table.rows is not None else ""
    items = tuple(
        ItemView(n, zh, en.lower(), DataType(kind))
        for n, (zh, en, kind) in enumerate(table.columns, start=1)
    )
    return {
        "source_system": table.system,
        "update_cycle": table.update_cycle,
        "formats": (DataFormat.TABLE,),
        "summary": f"由“{table.answer.round.title}”填报。{volume}{table.note}",
        "items": items,
    }


def _subject(found: SurveyRound) -> str:
    return f"survey-{found.pk}"
