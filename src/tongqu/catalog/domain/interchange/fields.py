"""The fields of a document: one table from which reading, sheets and exports are made."""

from dataclasses import dataclass
from enum import StrEnum

from tongqu.catalog.vocabulary import (
    AdminLevel,
    BasicClass,
    BusinessDomain,
    DataFormat,
    DataType,
    Domain,
    EntryKind,
    Manner,
    Scope,
    SharingType,
    Strategy,
    TransportMode,
    UpdateCycle,
)
from tongqu.kernel.words import Word


class Kind(StrEnum):
    TEXT = "text"
    WORD = "word"
    WORDS = "words"  # several words of one set
    LINES = "lines"  # several texts
    WHOLE = "whole"  # whole number
    FLAG = "flag"
    DOCUMENTS = "documents"  # row checks: data that room standards reads


class Mask(Word):
    """脱敏方式, as information items name it."""

    NONE = "none", "不脱敏"
    COVER = "cover", "遮盖"
    REPLACE = "replace", "替换"
    GENERALISE = "generalise", "泛化"
    HASH = "hash", "散列"
    NOISE = "noise", "加噪"
    FPE = "fpe", "保格式加密"
    TRUNCATE = "truncate", "截断"
    NULLIFY = "nullify", "置空"


@dataclass(frozen=True, slots=True)
class Field:
    """``size``: longest text, or most members of a list. ``titles``: headers of a sheet that
    mean this field, the one that we write first."""

    name: str
    titles: tuple[str, ...]
    kind: Kind = Kind.TEXT
    size: int = 120
    words: type[Word] | None = None
    least: int = 1  # of a whole number
    most: int = 4
    default: object = ""
    # Words that other layouts use for a value of this field.
    synonyms: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        return self.titles[0]


def _word(name: str, titles: str, words: type[Word], default: str = "",
          synonyms: tuple[tuple[str, str], ...] = ()) -> Field:  # fmt: skip
    return Field(
        name, tuple(titles.split()), Kind.WORD, words=words, default=default, synonyms=synonyms
    )


def _words(name: str, titles: str, words: type[Word],
           synonyms: tuple[tuple[str, str], ...] = ()) -> Field:  # fmt: skip
    return Field(
        name, tuple(titles.split()), Kind.WORDS, len(words), words, default=(), synonyms=synonyms
    )


def _lines(name: str, titles: str, size: int) -> Field:
    return Field(name, tuple(titles.split()), Kind.LINES, size, default=())


def _text(name: str, titles: str, size: int) -> Field:
    return Field(name, tuple(titles.split()), size=size)


def _flag(name: str, titles: str, default: bool) -> Field:
    return Field(name, tuple(titles.split()), Kind.FLAG, default=default)


_CYCLES = (
    ("每天", "daily"), ("日", "daily"), ("周", "weekly"), ("月", "monthly"), ("季", "quarterly"),
    ("季度", "quarterly"), ("年", "yearly"), ("每半年", "irregular"), ("其他", "irregular"),
    ("按需", "irregular"), ("不定时", "irregular"), ("实时更新", "realtime"),
)  # fmt: skip
_SHARING = (
    ("无条件", "unconditional"), ("有条件", "conditional"), ("不予", "withheld"),
    ("不共享", "withheld"),
)  # fmt: skip
_FORMATS = (
    ("数据库", "table"), ("电子表格", "file"), ("电子文件", "document"), ("图形图像", "image"),
    ("流媒体", "media"), ("服务接口", "interface"), ("xlsx", "file"), ("csv", "file"),
    ("文本", "document"),
)  # fmt: skip
_MANNERS = (
    ("接口", "query"), ("服务接口", "query"), ("接口查询", "query"), ("订阅", "subscription"),
    ("库表交换", "subscription"), ("文件下载", "download"), ("下载", "download"),
)  # fmt: skip
_SCOPES = (("全部", "all"), ("所有部门", "all"), ("部分部门", "listed"), ("不共享", "nobody"))
_TYPES = (
    ("字符串型", "string"), ("字符", "string"), ("字符串", "string"), ("varchar", "string"),
    ("char", "string"), ("C", "string"), ("整型", "integer"), ("整数", "integer"),
    ("int", "integer"), ("bigint", "integer"), ("数值", "decimal"), ("数字型", "decimal"),
    ("浮点型", "decimal"), ("小数", "decimal"), ("N", "decimal"), ("number", "decimal"),
    ("日期", "date"), ("D", "date"), ("时间戳", "datetime"), ("日期时间", "datetime"),
    ("timestamp", "datetime"), ("时间", "time"), ("布尔", "boolean"), ("逻辑型", "boolean"),
    ("文本", "text"), ("文本型", "text"), ("备注型", "text"), ("clob", "text"),
)  # fmt: skip

ENTRY: tuple[Field, ...] = (
    _text("name", "信息资源名称 目录名称 资源名称 名称 数据资源名称", 200),
    _text("category", "信息资源分类 分类 目录分类 资源分类", 200),
    _text("provider_code", "信息资源提供方 提供部门 提供方 提供单位 提供方代码 提供部门代码", 120),
    _text("summary", "信息资源摘要 摘要 资源摘要 目录摘要", 4000),
    _words("formats", "信息资源格式 格式 资源格式 数据格式", DataFormat, _FORMATS),
    _word("update_cycle", "更新周期 更新频率 数据更新周期", UpdateCycle, "", _CYCLES),
    _word("sharing_type", "共享类型 共享属性", SharingType, "unconditional", _SHARING),
    _text("conditions", "共享条件", 4000),
    _lines("materials", "证明材料 需要的证明材料", 50),
    _word("scope", "共享范围", Scope, "all", _SCOPES),
    _lines("scope_codes", "指定部门", 500),
    _words("manners", "共享方式", Manner, _MANNERS),
    _text("source_system", "来源系统 所属系统 来源信息系统 所属信息系统", 120),
    Field("level", ("安全分级", "数据分级", "分级", "安全级别"), Kind.WHOLE, default=None),
    _lines("withheld_basis", "不予共享依据", 20),
    _text("withheld_note", "不予共享说明", 500),
    _word("basic_class", "基础数据类别 基础数据", BasicClass),
    _word("domain", "领域", Domain, "GN"),
    _word("kind", "目录类别", EntryKind, "formal", (("正式", "formal"), ("预编", "pre"))),
    _flag("is_external", "行业外数据 行业外", False),
    _word("admin_level", "层级 行政层级 层级属性", AdminLevel, "",
          (("部级", "ministry"), ("省级", "province"), ("市级", "city"), ("县级", "county"),
           ("县", "county"), ("区", "county"), ("县(区)", "county"))),
    _word("mode", "运输方式", TransportMode, "", (("综合交通", "general"), ("城市", "urban"))),
    _word("business", "业务领域", BusinessDomain),
    _words("strategies", "服务的战略和规划 服务战略", Strategy),
    _text("accountable", "责任人 责任岗位", 120),
    _lines("legal_basis", "依据 法律依据 采集依据", 20),
    _lines("standards", "标准 遵循标准 数据标准", 50),
    _lines("tools", "工具", 50),
    _text("project", "立项项目 项目编号", 60),
    Field("checks", ("行检查",), Kind.DOCUMENTS, 100, default=()),
)  # fmt: skip

ITEM: tuple[Field, ...] = (
    _text("name_zh", "信息项名称 中文名称 信息项中文名称 字段中文名 数据项名称", 120),
    _text("name_en", "信息项英文名称 英文名称 字段英文名 字段名 字段代码 英文名", 120),
    _word("data_type", "数据类型 类型 信息项类型 字段类型", DataType, "string", _TYPES),
    Field(
        "length",
        ("数据长度", "长度", "字段长度", "信息项长度"),
        Kind.WHOLE,
        most=2_000_000_000,
        default=None,
    ),
    _text("code_table", "码表 代码表 值域", 120),
    _flag("nullable", "是否可空 可空 可为空 是否为空", True),
    _flag("is_key", "是否主键 主键", False),
    Field("level", ("信息项分级", "分级", "安全分级", "数据分级"), Kind.WHOLE, default=1),
    _flag("is_shareable", "是否共享 共享", True),
    _flag("is_openable", "是否开放 是否向社会开放 开放 可开放", False),
    _text("source_column", "来源字段 源字段", 120),
    _word("mask", "脱敏方式 脱敏", Mask, "none"),
    _text("element", "数据元 数据元代码", 60),
)  # fmt: skip

ENTRY_FIELDS = {field.name: field for field in ENTRY}
ITEM_FIELDS = {field.name: field for field in ITEM}
MOST_ITEMS = 2000
