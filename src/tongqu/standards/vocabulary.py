"""Words of standards: 标准规范、数据元、代码集与对照：标准变成可执行的规则."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from tongqu.kernel.words import Word

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {
    "NO_SUCH_STANDARD": 404,
    "NO_SUCH_CODE_TABLE": 404,
    "NO_SUCH_CROSSWALK": 404,
    "NO_SUCH_ELEMENT": 404,
    "NO_SUCH_MESSAGE_FORMAT": 404,
    "NO_SUCH_COMMENT": 404,
    "CHANGED_MEANWHILE": 409,
    "ALREADY_VOTED": 409,
    "NOT_YOUR_RULE": 403,
}
DIVISIONS = "CT-DIV"  # the code table of administrative divisions (GB/T 2260)


class CheckKind(Word):
    """校验种类. A check looks at one row; what looks at a whole table belongs to quality."""

    REQUIRED = "required", "必填"
    TYPE = "type", "类型"
    PATTERN = "pattern", "格式"
    LENGTH = "length", "长度"
    RANGE = "range", "值域"
    CODES = "codes", "代码"
    CHECK_DIGIT = "check_digit", "校验码"
    DIVISION = "division", "行政区划"
    NOT_AFTER = "not_after", "先后"
    NOT_FUTURE = "not_future", "不晚于当前"
    EXPRESSION = "expression", "表达式"


class CheckDigit(Word):
    """校验码算法."""

    USCC = "uscc", "统一社会信用代码（GB 32100）"
    IDCARD = "idcard", "公民身份号码（GB 11643）"
    VIN = "vin", "车辆识别代号（GB 16735）"
    IMO = "imo", "IMO 船舶识别号"
    LUHN = "luhn", "Luhn 模 10"


class Effect(Word):
    """不符时的处理."""

    REJECT = "reject", "拒收"
    WARN = "warn", "提示"


class ElementType(Word):
    """数据元类型: the values are those of the catalogue's 信息项类型."""

    STRING = "string", "字符型"
    INTEGER = "integer", "整数型"
    DECIMAL = "decimal", "数值型"
    DATE = "date", "日期型"
    DATETIME = "datetime", "日期时间型"
    TIME = "time", "时间型"
    BOOLEAN = "boolean", "布尔型"
    TEXT = "text", "长文本"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule over one row, as data. ``columns`` are items' English names.

    A check of a data element has no columns until it is bound to an item. ``basis`` is a
    clause's code or the text of an assumption. NULL is never judged, but by ``required``.
    """

    code: str  # "R-PLATE", "RES-04-VIN"
    title: str  # a Chinese sentence
    kind: CheckKind
    columns: tuple[str, ...] = ()
    limits: Mapping[str, object] = field(default_factory=dict)
    effect: Effect = Effect.REJECT
    remedy: str = ""
    basis: str = ""

    def bound(self, column: str) -> "Check":
        """Return an element's check as the check of one column."""
        return self if self.columns else replace(self, columns=(column,))

    @property
    def tables(self) -> frozenset[str]:
        """Return the code tables that this check looks values up in."""
        if self.kind is CheckKind.DIVISION or self.limits.get("division"):
            return frozenset({DIVISIONS})
        table = self.limits.get("table")
        return frozenset({str(table)}) if table else frozenset()

    @property
    def document(self) -> dict[str, object]:
        """Return the form that ``parse_checks`` reads."""
        rest = {"remedy": self.remedy, "basis": self.basis}
        return {
            "code": self.code,
            "title": self.title,
            "kind": self.kind.value,
            "effect": self.effect.value,
            **({"columns": list(self.columns)} if self.columns else {}),
            **self.limits,
            **{key: value for key, value in rest.items() if value},
        }


class BadDocument(ValueError):
    """A document says something that is not understood; ``where`` names the place."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}：{what}")
        self.where, self.what = where, what


@dataclass(frozen=True, slots=True)
class Code:
    """代码. Valid from ``valid_from`` until the day before ``valid_to``; NULL: without end."""

    code: str
    label: str
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day < (self.valid_to or date.max)


@dataclass(frozen=True, slots=True)
class CodeTable:
    """代码集, one version."""

    name: str  # "CT-PCOL"
    title: str
    version: str
    codes: tuple[Code, ...]
    standard: str = ""  # code of the standard it comes from
    valid_from: date | None = None
    valid_to: date | None = None
    is_example: bool = False

    def on(self, day: date) -> tuple[Code, ...]:
        """Return the codes that are valid on a day."""
        return tuple(code for code in self.codes if code.is_valid_on(day))

    def label(self, value: str, day: date | None = None) -> str:
        """Return the words of a code, valid on the day if one is given; "" when unknown."""
        found = (c for c in self.codes if c.code == value and (not day or c.is_valid_on(day)))
        return next((code.label for code in found), "")


@dataclass(frozen=True, slots=True)
class Facts:
    """What checks must know beside the row: the present instant and the code tables by name."""

    now: datetime  # aware
    tables: Mapping[str, CodeTable] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Element:
    """数据元. ``checks`` hold what follows from type, length and code table, then its own."""

    code: str  # "DE-PCOL"
    name_zh: str
    name_en: str
    data_type: ElementType
    length: int | None = None
    code_table: str = ""
    standard: str = ""
    definition: str = ""
    checks: tuple[Check, ...] = ()
    is_example: bool = False

    def checks_of(self, column: str) -> tuple[Check, ...]:
        """Return the checks of a column that is bound to this element."""
        return tuple(check.bound(column) for check in self.checks)


class StandardKind(Word):
    NATIONAL = "national", "国家标准"
    INDUSTRY = "industry", "行业标准"
    LOCAL = "local", "地方标准"
    GROUP = "group", "团体标准"
    RULE = "rule", "管理制度"


class Topic(Word):
    """标准规范库的十个专题."""

    GRADING = "grading", "分类分级"
    MASKING = "masking", "脱敏"
    TRACING = "tracing", "溯源"
    IDENTIFICATION = "identification", "标识"
    CATALOGUE = "catalogue", "目录编制"
    COLLECTION = "collection", "采集"
    TRANSMISSION = "transmission", "传输"
    EXCHANGE = "exchange", "交换共享"
    GOVERNANCE = "governance", "数据治理"
    DATASETS = "datasets", "高质量数据集"


class StandardState(Word):
    """标准状态 (C.16)."""

    PROPOSED = "proposed", "立项"
    DRAFTING = "drafting", "起草"
    CONSULTING = "consulting", "征求意见"
    IN_REVIEW = "in_review", "审查"
    RELEASED = "released", "发布"
    IN_FORCE = "in_force", "实施"
    UNDER_REVISION = "under_revision", "修订"
    ABOLISHED = "abolished", "废止"


IN_USE = frozenset({StandardState.IN_FORCE, StandardState.UNDER_REVISION})


class StandardCommand(Word):
    DRAFT = "draft", "开始起草"
    CONSULT = "consult", "公开征求意见"
    REDRAFT = "redraft", "退回起草"
    SUBMIT = "submit", "送审"
    RELEASE = "release", "发布"
    ENFORCE = "enforce", "实施"
    REVISE = "revise", "启动修订"
    KEEP = "keep", "复审继续有效"
    ABOLISH = "abolish", "废止"
    SUPERSEDE = "supersede", "由新版本替代"


class RuleKind(Word):
    """制度类别 (STD-12)."""

    MANAGEMENT = "management", "管理"
    TECHNICAL = "technical", "技术"
    ASSESSMENT = "assessment", "考核"


class RuleSubject(Word):
    """制度事项: what a unit's rule governs. The annual check asks for 数据安全."""

    SECURITY = "security", "数据安全"
    CATALOGUE = "catalogue", "目录管理"
    SHARING = "sharing", "共享与使用"
    QUALITY = "quality", "数据质量"
    GRADING = "grading", "分类分级"
    EMERGENCY = "emergency", "应急处置"
    ASSESSMENT = "assessment", "考核评价"


class Answer(Word):
    """意见处理."""

    ACCEPTED = "accepted", "采纳"
    PARTLY = "partly", "部分采纳"
    REFUSED = "refused", "不采纳"


class Vote(Word):
    """表决."""

    FOR = "for", "赞成"
    AGAINST = "against", "反对"
    ABSTAIN = "abstain", "弃权"


class SubjectKind(Word):
    """What refers to a standard and is to be reviewed when that is replaced."""

    ELEMENT = "element", "数据元"
    CODE_TABLE = "code_table", "代码集"
    ENTRY = "entry", "目录条目"


@dataclass(frozen=True, slots=True)
class Follower:
    """Something that refers to a standard. ``owner_id`` 0: the managing office answers for it."""

    kind: SubjectKind
    code: str
    name: str
    url: str = ""
    owner_id: int = 0


@dataclass(frozen=True, slots=True)
class StandardView:
    """One version of a standard, as others may read it."""

    code: str  # with its version: "JT/T 697.7-2014"
    title: str
    kind: StandardKind
    topic: Topic
    version: str
    state: StandardState
    replaces: tuple[str, ...] = ()
    replaced_by: str = ""
    organisation_code: str = ""  # the unit of a 制度
    issued_on: date | None = None
    effective_on: date | None = None
    abolished_on: date | None = None
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a message: the place, the element that is meant, and what to do."""

    path: str  # "shipper.uscc"
    element: str  # "托运人统一社会信用代码"
    message: str
    remedy: str = ""
    check: str = ""
    effect: Effect = Effect.REJECT
