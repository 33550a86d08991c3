"""Chinese words and their pinyin, for search."""

import re
from functools import lru_cache

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def split(text: str) -> tuple[str, ...]:
    """Return the words of a query in order, each once; single letters of noise are dropped."""
    import rjieba

    found: list[str] = []
    for part in text.lower().split():
        words = rjieba.cut(part) if _CHINESE.search(part) else [part]
        found += [word.strip() for word in words if word.strip(" ，。、；：（）()[]《》“”\"'")]
    return tuple(dict.fromkeys(found))[:12]


@lru_cache(maxsize=4096)
def spelled(text: str) -> str:
    """Return the pinyin of a text, whole and as initials: ``hangban hb``."""
    from pypinyin import Style, lazy_pinyin

    chinese = "".join(_CHINESE.findall(text))
    if not chinese:
        return ""
    initials = "".join(lazy_pinyin(chinese, style=Style.FIRST_LETTER))
    return f"{''.join(lazy_pinyin(chinese))} {initials}"


def search_text(*, name: str, others: tuple[str, ...]) -> str:
    """Return what search looks in: everything readable, and the pinyin of the name."""
    return " ".join((name, spelled(name), *filter(None, others))).lower()
