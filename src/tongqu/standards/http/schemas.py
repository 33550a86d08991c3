"""What the API of standards takes and gives."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from tongqu.standards.domain.code_tables import Difference
from tongqu.standards.domain.messages import Format
from tongqu.standards.models import Comment, Review, Standard
from tongqu.standards.vocabulary import (
    Answer,
    Check,
    Code,
    CodeTable,
    Effect,
    Element,
    ElementType,
    Finding,
    StandardCommand,
    StandardKind,
    StandardState,
    StandardView,
    SubjectKind,
    Topic,
    Vote,
)

DOCUMENT = "格式见房间说明；不认识的键会被拒绝"


class StandardDocumentIn(Schema):
    document: dict[str, Any] = Field(description=DOCUMENT)
    edition: int | None = Field(None, ge=0, le=2**31 - 1, description="修改次数，防止互相覆盖")


class ElementsIn(Schema):
    documents: list[dict[str, Any]] = Field(min_length=1, max_length=2000, description=DOCUMENT)
    edition: int | None = Field(None, ge=0, le=2**31 - 1, description="只有一个数据元时使用")


class StandardsIn(Schema):
    q: str = Field("", max_length=100, description="编号或名称中的词")
    kind: StandardKind | None = None
    topic: Topic | None = None
    state: StandardState | None = None


class CodeIn(Schema):
    code: str = Field(max_length=120)


class VersionsIn(Schema):
    old: str = Field(max_length=40)
    new: str = Field(max_length=40)


class StandardOut(Schema):
    code: str
    title: str
    kind: StandardKind
    topic: Topic
    version: str
    state: StandardState
    replaces: list[str]
    replaced_by: str
    organisation: str = Field(description="制度所属单位编码")
    issued_on: date | None
    effective_on: date | None
    abolished_on: date | None
    is_example: bool

    @classmethod
    def of(cls, view: StandardView) -> "StandardOut":
        names = cls.model_fields.keys() - {"replaces", "organisation"}
        return cls(
            **{name: getattr(view, name) for name in names},
            replaces=list(view.replaces),
            organisation=view.organisation_code,
        )


class CommentOut(Schema):
    number: int
    place: str
    text: str
    author: str
    at: datetime
    answer: str = Field(description="accepted、partly、refused；未处理为空文本")
    reason: str

    @classmethod
    def of(cls, row: Comment) -> "CommentOut":
        return cls(number=row.pk, place=row.place, text=row.text, author=row.author, at=row.at,
                   answer=row.answer, reason=row.reason)  # fmt: skip


class ReferenceReviewOut(Schema):
    number: int
    old: str
    new: str
    subject_kind: SubjectKind
    subject_code: str
    subject_name: str
    opened_at: datetime
    done_at: datetime | None
    note: str

    @classmethod
    def of(cls, row: Review) -> "ReferenceReviewOut":
        return cls(
            number=row.pk, old=row.old.code, new=row.new_code,
            subject_kind=SubjectKind(row.subject_kind), subject_code=row.subject_code,
            subject_name=row.subject_name, opened_at=row.opened_at, done_at=row.done_at,
            note=row.note,
        )  # fmt: skip


class StandardDetailOut(StandardOut):
    summary: str
    draft: str
    working_group: list[str]
    edition: int
    comments: list[CommentOut]
    reviews: list[ReferenceReviewOut]

    @classmethod
    def whole(
        cls, row: Standard, view: StandardView, *,
        comments: Iterable[Comment], reviews: Iterable[Review],
    ) -> "StandardDetailOut":  # fmt: skip
        return cls(
            **StandardOut.of(view).model_dump(),
            summary=row.summary,
            draft=row.draft,
            working_group=row.working_group,
            edition=row.edition,
            comments=[CommentOut.of(one) for one in comments],
            reviews=[ReferenceReviewOut.of(one) for one in reviews],
        )


class StandardStepIn(Schema):
    code: str = Field(max_length=120)
    command: StandardCommand
    note: str = Field("", max_length=300)
    effective_on: date | None = Field(None, description="发布时必填")
    edition: int | None = Field(None, ge=0, le=2**31 - 1)


class CommentIn(Schema):
    code: str = Field(max_length=120)
    place: str = Field("", max_length=120)
    text: str = Field(max_length=1000)


class AnswerIn(Schema):
    answer: Answer
    reason: str = Field("", max_length=500)


class VoteIn(Schema):
    code: str = Field(max_length=120)
    vote: Vote
    note: str = Field("", max_length=300)


class ReviewNoteIn(Schema):
    note: str = Field(max_length=300)


class CodeOut(Schema):
    code: str
    label: str
    parent: str
    valid_from: date | None
    valid_to: date | None = Field(description="自该日起不再有效")

    @classmethod
    def of(cls, code: Code) -> "CodeOut":
        return cls(code=code.code, label=code.label, parent=code.parent,
                   valid_from=code.valid_from, valid_to=code.valid_to)  # fmt: skip


class CodeTableOut(Schema):
    name: str
    title: str
    version: str
    standard: str
    valid_from: date | None
    valid_to: date | None
    is_example: bool
    codes: list[CodeOut]

    @classmethod
    def of(cls, table: CodeTable, codes: tuple[Code, ...] | None = None) -> "CodeTableOut":
        return cls(
            name=table.name, title=table.title, version=table.version, standard=table.standard,
            valid_from=table.valid_from, valid_to=table.valid_to, is_example=table.is_example,
            codes=[CodeOut.of(code) for code in (table.codes if codes is None else codes)],
        )  # fmt: skip


class CodeChangeOut(Schema):
    old: CodeOut
    new: CodeOut


class CodeDifferenceOut(Schema):
    added: list[CodeOut]
    removed: list[CodeOut]
    changed: list[CodeChangeOut]

    @classmethod
    def of(cls, found: Difference) -> "CodeDifferenceOut":
        return cls(
            added=[CodeOut.of(code) for code in found.added],
            removed=[CodeOut.of(code) for code in found.removed],
            changed=[CodeChangeOut(old=CodeOut.of(old), new=CodeOut.of(new))
                     for old, new in found.changed],
        )  # fmt: skip


class CrosswalkOut(Schema):
    source: str
    target: str
    pairs: list[list[str]] = Field(description="来源代码、目标代码")


class ElementCheckOut(Schema):
    code: str
    title: str
    kind: str
    effect: Effect
    remedy: str
    basis: str
    limits: dict[str, Any]
    sql: str = Field(description='对列 "value" 的 DuckDB 条件，真为符合；不能生成为空文本')

    @classmethod
    def of(cls, check: Check, sql: str) -> "ElementCheckOut":
        return cls(code=check.code, title=check.title, kind=check.kind.value, effect=check.effect,
                   remedy=check.remedy, basis=check.basis, limits=dict(check.limits),
                   sql=sql)  # fmt: skip


class ElementOut(Schema):
    code: str
    name_zh: str
    name_en: str
    data_type: ElementType
    length: int | None
    code_table: str
    standard: str
    definition: str
    is_example: bool

    @classmethod
    def of(cls, element: Element) -> "ElementOut":
        return cls(**{name: getattr(element, name) for name in ElementOut.model_fields})


class ElementDetailOut(ElementOut):
    checks: list[ElementCheckOut]


class ValueIn(Schema):
    value: str = Field(max_length=4000)


class TriedOut(Schema):
    code: str
    title: str
    effect: Effect
    is_right: bool
    remedy: str


class MessageFieldOut(Schema):
    path: str
    name: str
    element: str
    required: bool


class MessageFormatOut(Schema):
    code: str
    title: str
    standard: str
    note: str
    is_example: bool
    fields: list[MessageFieldOut]
    sample: dict[str, Any]

    @classmethod
    def of(cls, form: Format) -> "MessageFormatOut":
        return cls(
            code=form.code, title=form.title, standard=form.standard, note=form.note,
            is_example=form.is_example, sample=dict(form.sample),
            fields=[MessageFieldOut(path=f.path, name=f.name, element=f.element,
                                    required=f.required) for f in form.fields],
        )  # fmt: skip


class MessageIn(Schema):
    message: dict[str, Any]


class MessageFindingOut(Schema):
    path: str
    element: str = Field(description="要素名称，如“托运人统一社会信用代码”")
    message: str
    remedy: str
    check: str
    effect: Effect

    @classmethod
    def of(cls, finding: Finding) -> "MessageFindingOut":
        return cls(**{name: getattr(finding, name) for name in cls.model_fields})


class MessageResultOut(Schema):
    is_valid: bool
    findings: list[MessageFindingOut]


class KeptOut(Schema):
    code: str
    count: int = 1


class MissingRuleOut(Schema):
    organisation: str
    name: str
    subject: str


class RuleCheckOut(Schema):
    year: int
    at: datetime
    units: int
    missing: list[MissingRuleOut]
