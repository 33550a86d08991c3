"""Data contracts as files: JSON, and YAML in the part of it that contracts need."""

import json
from collections.abc import Mapping
from typing import Any

from tongqu.catalog.ports import Refused

MOST = 5 << 20
MOST_YAML = 1 << 20  # its reader takes seconds a megabyte, its scanner more where lists nest
DEEPEST = 50


def read(content: bytes) -> Any:
    """Return a contract as written. Raises: ``Refused``."""
    if len(content) > MOST:
        raise Refused("FILE_TOO_LARGE", "数据合约超过 5 MB。", "请核对文件后导入。")
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text) if text.lstrip().startswith("{") else _yaml(text)
    except (ValueError, RecursionError):
        raise Refused(
            "NOT_WHAT_IT_SAYS", "文件不是完整的 YAML 或 JSON（UTF-8）。", "请重新导出后导入。"
        ) from None


def _yaml(text: str) -> Any:
    try:
        import yaml
    except ImportError:
        raise Refused(
            "FORMAT_UNKNOWN", "本平台没有安装 YAML 的读取组件。", "请导入 JSON 形式的数据合约。"
        ) from None
    if len(text) > MOST_YAML:
        raise Refused("FILE_TOO_LARGE", "YAML 超过 1 MB。", "请导入 JSON 形式的数据合约。")
    if "&" in text and "*" in text and any(isinstance(t, yaml.AliasToken) for t in _tokens(text)):
        # An alias of an alias of an alias fills the memory.
        raise Refused("NOT_WHAT_IT_SAYS", "YAML 中使用了别名，没有读取。", "请展开别名后导入。")
    try:
        return yaml.load(text, Loader=_loader())  # noqa: S506  (a safe loader without dates)
    except yaml.YAMLError:
        raise ValueError("no YAML") from None


def _tokens(text: str) -> Any:
    import yaml

    depth = 0
    opening = (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken)
    closing = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)
    try:
        for token in yaml.scan(text):
            depth += isinstance(token, opening) - isinstance(token, closing)
            if depth > DEEPEST:
                raise ValueError("nested too deep")
            yield token
    except yaml.YAMLError:
        raise ValueError("no YAML") from None


def _loader() -> Any:
    """Return the safe loader without dates: a version such as 2026-01-01 stays a text."""
    import yaml

    class Plain(yaml.SafeLoader):
        pass

    Plain.yaml_implicit_resolvers = {
        first: [(tag, rule) for tag, rule in rules if not tag.endswith(":timestamp")]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    # Written out as a tag it would still be read as a day, and fail where it is none.
    Plain.add_constructor("tag:yaml.org,2002:timestamp", Plain.construct_yaml_str)  # type: ignore[type-var]  # the stubs want the base
    return Plain


def write(contract: Mapping[str, Any], *, form: str) -> bytes:
    if form == "json":
        return json.dumps(contract, ensure_ascii=False, indent=2).encode()
    return ("\n".join(_lines(contract, 0)) + "\n").encode()


def _lines(value: Any, depth: int) -> list[str]:
    """Write mappings and lists as blocks; every scalar as JSON, which is YAML, too."""
    pad = "  " * depth
    found: list[str] = []
    if isinstance(value, Mapping):
        for key, member in value.items():
            found += _member(f"{pad}{key}:", member, depth)
    else:
        for member in value:
            if isinstance(member, Mapping) and member:
                first, *rest = _lines(member, depth + 1)
                found += [f"{pad}- {first.lstrip()}", *rest]
            else:
                found += [f"{pad}- {_scalar(member)}"]
    return found


def _member(start: str, member: Any, depth: int) -> list[str]:
    if isinstance(member, Mapping | list) and member:
        return [start, *_lines(member, depth + 1)]
    return [f"{start} {_scalar(member)}"]


def _scalar(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
