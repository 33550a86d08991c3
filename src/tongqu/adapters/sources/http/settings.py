"""What a department tells about its interface; every page and API form is made of these."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tongqu.ingest.ports import Connection, PullOptions, Setting
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law

AUTHS = (
    ("none", "无"), ("header", "密钥放在请求头"), ("query", "密钥放在参数"),
    ("basic", "用户名与口令"), ("oauth2", "OAuth2 客户端凭据"), ("sm2", "国密 SM2 签名"),
)  # fmt: skip
PAGINGS = (
    ("none", "不分页"), ("page", "页码"), ("offset", "偏移量"), ("cursor", "游标"),
    ("link", "下一页链接"),
)  # fmt: skip
CONNECTION = (
    Setting("auth", "认证方式", kind="choice", choices=AUTHS, default="none"),
    Setting("key_name", "密钥名", "请求头或参数的名称，如 X-Api-Key", required=False),
    Setting("user", "用户名或客户端标识", required=False),
    Setting("token_path", "令牌地址", "OAuth2 取令牌的路径，如 /oauth/token", required=False),
    Setting("scope", "授权范围", required=False),
    Setting("sm2_public_key", "SM2 公钥", "128 位十六进制，签名时用", required=False),
    Setting("per_second", "每秒请求数", "不超过提供部门的限流", kind="number", default=5,
            required=False),
    Setting("timeout_seconds", "超时（秒）", kind="number", default=30, required=False),
    Setting("max_megabytes", "单次响应上限（MB）", kind="number", default=64, required=False),
    Setting("secret", "密钥、口令或 SM2 私钥", "加密保存，不再显示", kind="secret",
            required=False),
)  # fmt: skip
MOST = {"per_second": 10_000, "timeout_seconds": 300, "max_megabytes": 1024}
OPTIONS = (
    Setting("method", "方法", kind="choice", choices=(("GET", "GET"), ("POST", "POST")),
            default="GET"),
    Setting("query", "固定参数", "如 region=36&level=1", required=False),
    Setting("body", "请求体", "POST 的 JSON，分页参数会并入", kind="long", required=False),
    Setting("format", "响应格式", kind="choice", choices=(("json", "JSON"), ("csv", "CSV")),
            default="json"),
    Setting("records", "记录路径", "JSON 中记录数组的位置，如 data.items；数组在最外层则留空",
            required=False),
    Setting("paging", "分页方式", kind="choice", choices=PAGINGS, default="none"),
    Setting("page_param", "页码、偏移量或游标的参数名", required=False),
    Setting("size_param", "每页条数的参数名", required=False),
    Setting("page_size", "每页条数", kind="number", default=100, required=False),
    Setting("first_page", "第一页的页码", kind="number", default=1, required=False),
    Setting("next_path", "下一个游标或链接的路径", "如 data.next；链接也可在 Link 响应头",
            required=False),
    Setting("total_path", "总数的路径", "如 data.total；填写后逐次对数", required=False),
    Setting("since_param", "增量参数名", "按时间或按键增量时带上次的最大值", required=False),
    Setting("optional", "可缺的字段", "没有值时整个字段不出现的，用逗号分开", required=False),
)  # fmt: skip


def wrong(field: str, title: str, next_step: str) -> Rejected:
    return Rejected(
        Problem(code="SETTING_WRONG", title=title, next_step=next_step,
                basis=law.CONNECT_IN_TIME, fields={field: title})
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """How the interface is asked, out of the settings; wrong ones are refused in words."""

    path: str
    method: str
    query: str
    body: str
    format: str
    records: str
    paging: str
    page_param: str
    size_param: str
    page_size: int
    first_page: int
    next_path: str
    total_path: str
    since_param: str
    optional: tuple[str, ...]


def ask_of(options: PullOptions) -> Ask:
    """Raises: ``Rejected`` SETTING_WRONG."""
    given = settled(OPTIONS, options.settings)
    words = tuple(word.strip() for word in str(given.pop("optional")).split(",") if word.strip())
    ask = Ask(path=options.what or "/", optional=words, **given)
    if not ask.path.startswith("/") or ask.path.startswith("//"):
        raise wrong("what", "接口路径须以 / 开头。", "请只写路径，主机写在连接里。")
    if ask.paging in {"page", "offset", "cursor"} and not ask.page_param:
        raise wrong("page_param", "没有写分页的参数名。", "请补填，如 page、offset、cursor。")
    if ask.paging == "cursor" and not ask.next_path:
        raise wrong("next_path", "没有写下一个游标的路径。", "请补填，如 data.next。")
    if ask.format == "csv" and ask.paging not in {"none", "page", "offset"}:
        raise wrong("paging", "CSV 响应只能按页码或偏移量分页。", "请改用页码或偏移量。")
    if not 1 <= ask.page_size <= 100_000:
        raise wrong("page_size", "每页条数超出范围。", "请填 1 至 100000。")
    return ask


def settled(known: tuple[Setting, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return every setting with its value or default, and of the right kind."""
    if unknown := sorted(set(given) - {setting.name for setting in known}):
        raise wrong(unknown[0], f"不认识的设置：{'、'.join(unknown)}。", "请删去后重试。")
    return {one.name: _value(one, given.get(one.name, one.default)) for one in known}


def _value(setting: Setting, value: Any) -> Any:
    if setting.kind == "number":
        try:
            return type(setting.default)(value)
        except (TypeError, ValueError):
            raise wrong(setting.name, f"{setting.label}须是数。", "请改填数字。") from None
    text = str(value)
    if setting.kind == "choice" and text not in {name for name, _ in setting.choices}:
        raise wrong(setting.name, f"{setting.label}不在可选范围内。", "请从列表中选择。")
    return text


def connection_of(connection: Connection) -> dict[str, Any]:
    """Raises: ``Rejected`` SETTING_WRONG where the way of proving who we are is incomplete."""
    given = settled(CONNECTION, {**connection.settings, "secret": ""})
    needs = {
        "header": ("key_name",), "query": ("key_name",), "basic": ("user",),
        "oauth2": ("user", "token_path"), "sm2": ("user", "sm2_public_key"),
    }.get(given["auth"], ())  # fmt: skip
    labels = {setting.name: setting.label for setting in CONNECTION}
    for name in needs:
        if not given[name]:
            raise wrong(name, f"没有填写{labels[name]}。", "请按提供部门的接口说明补填。")
    for name, most in MOST.items():
        if not 1 <= given[name] <= most:
            raise wrong(name, f"{labels[name]}超出范围。", f"请填 1 至 {most}。")
    if given["auth"] != "none" and not connection.secrets.get("secret"):
        raise wrong("secret", "没有填写密钥、口令或私钥。", "请补填；平台加密保存。")
    return given
