"""Patterns that the engine reads: RE2, which looks neither around nor back."""

import re
import warnings

from tongqu.standards.vocabulary import BadDocument

LONGEST = 500
MOST_REPEATS = 1000  # RE2's own limit
_UNICODE = re.compile(r"\\u([0-9a-fA-F]{4})")
_ESCAPE = re.compile(r"\\(x\{[0-9a-fA-F]{1,6}\}|[pP]\{\^?\w+\}|[pP][A-Z]|x[0-9a-fA-F]{2}|.)", re.S)
_KNOWN = re.compile(
    r"[dDwWsSbBAztnrfva]|[\x01-/:-@\[-`{-\x7e]|x.+|[pP](?:\{\^?(?:Han|Latin|L|Lu|Ll|M|N|Nd|P|S|Z)\}|[LMNPSZ])"
)
_IN_CLASS = re.compile(r"\[\^?\]?[^\]]*?\\[bBAz]")
_NAMED = re.compile(r"\[:|:\]")  # [[:alpha:]] and what looks like it: \d, \w and \p say it better
_GROUP = re.compile(r"\(\?(?!:|[ismU-]+[:)]|P<\w+>)")
_COUNT = re.compile(r"\{(\d+)(?:,(\d*))?\}")


def pattern(text: object, *, where: str) -> str:
    r"""Return the pattern as the engine reads it (``\u4e00`` becomes ``\x{4e00}``).

    Raises ``BadDocument`` naming what RE2 has not: backward references, looking around,
    possessive repeats, counts over 1000.
    """
    if not isinstance(text, str) or not text or len(text) > LONGEST or "\0" in text:
        raise BadDocument(where, f"pattern 应为 1 到 {LONGEST} 个字符的正则表达式")
    spelled = _UNICODE.sub(lambda found: rf"\x{{{found[1]}}}", text)
    for found in _ESCAPE.finditer(spelled):
        if found[1][0] in "123456789" or found[1].startswith("k"):
            raise BadDocument(where, f"pattern 使用了反向引用 \\{found[1]}，检测引擎（RE2）不支持")
        if not _KNOWN.fullmatch(found[1]):
            raise BadDocument(where, f"pattern 使用了检测引擎（RE2）不支持的写法 \\{found[1]}")
    if _IN_CLASS.search(spelled) or _NAMED.search(spelled):
        raise BadDocument(where, "pattern 的方括号中有检测引擎（RE2）不支持的写法")
    bare = _ESCAPE.sub("_", spelled)
    if group := _GROUP.search(bare):
        what = bare[group.start() : group.start() + 4]
        raise BadDocument(where, f"pattern 使用了环视、条件等写法 {what}，检测引擎（RE2）不支持")
    if re.search(r"[*+?}]\+", re.sub(r"\[[^\]]*\]", "_", bare)):
        raise BadDocument(where, "pattern 使用了占有量词，检测引擎（RE2）不支持")
    _refuse_vast(bare, where)
    try:
        with warnings.catch_warnings():  # set operators of a later Python: RE2 has none
            warnings.simplefilter("ignore", FutureWarning)
            re.compile(_as_python(spelled))
    except (re.error, RecursionError, OverflowError):
        raise BadDocument(where, "pattern 不是正确的正则表达式") from None
    return spelled


def _refuse_vast(bare: str, where: str) -> None:
    """Counts multiply when nested: what unfolds to too much is refused, as RE2 would."""
    product = 1
    for low, high in _COUNT.findall(bare):
        most = int(high or low)
        product *= max(most, 1) if most > 1 else 1
        if most > MOST_REPEATS:
            raise BadDocument(where, f"pattern 的重复次数超过 {MOST_REPEATS}")
    if product > MOST_REPEATS * 100 and re.search(r"\)\{\d", bare):
        raise BadDocument(where, "pattern 展开后过大，检测引擎不能执行")


def _as_python(spelled: str) -> str:
    """Return a pattern of the same structure that Python can read, to find what is malformed."""

    def one(found: re.Match[str]) -> str:
        escape = found[1]
        if escape.startswith("x{"):
            point = int(escape[2:-1], 16)
            return re.escape(chr(point)) if point <= 0x10FFFF else "("
        if escape[0] in "pP":
            return r"\w"
        return r"\Z" if escape == "z" else found[0]

    return re.sub(r"\(\?([ismU-]+)([:)])", lambda f: "(?:" if f[2] == ":" else "",
                  _ESCAPE.sub(one, spelled))  # fmt: skip
