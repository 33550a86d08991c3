"""Tokens of texts and of queries. What the index keeps and what is asked of it meet here.

A Chinese text is looked up by its pairs of characters, so that a word of two characters is
found inside any longer one, however a dictionary would cut it; ``words`` from the dictionary
decide the rank. Latin words, column names and identifiers are kept whole and in parts.
Pinyin stands as ``~yyc`` (anywhere in a name), ``^yyc`` (where it begins), identifiers as
``#990000-mh``.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from tongqu.catalog.domain.search.forms import Asked, Wanted
from tongqu.catalog.domain.search.normal import normal
from tongqu.catalog.domain.search.tables import longest, noise, patterns, synonyms

SEARCH_EDITION = 1  # raise it when documents are made otherwise: older indexes are then rebuilt
_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff_]+(?:[-_./+][^\W\u3400-\u9fff_]+)*")
_PART = re.compile(r"[-_./+]")
_LATIN = re.compile(r"[a-z]{2,24}")
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+|\d{6,}")
MOST_WORDS = 12
MOST_INITIALS, MOST_SYLLABLES = 8, 5


def runs(text: str) -> list[str]:
    """Return the stretches of one script in a text already ``normal``."""
    return _RUN.findall(text)


def is_chinese(run: str) -> bool:
    return "\u3400" <= run[0] <= "\u9fff"


def pairs(run: str) -> tuple[str, ...]:
    """Return the pairs of neighbouring characters; a lone character stands for itself."""
    return tuple(run[n : n + 2] for n in range(len(run) - 1)) or (run,)


@lru_cache(maxsize=65536)
def cut(run: str) -> tuple[str, ...]:
    """Return the dictionary's words of a Chinese stretch, in order."""
    import rjieba

    return tuple(rjieba.cut(run))


@lru_cache(maxsize=65536)
def _cut_finely(run: str) -> tuple[str, ...]:
    import rjieba

    return tuple(rjieba.cut_for_search(run))


def stream(text: str) -> tuple[str, ...]:
    """Return the tokens of a text in order, for phrases."""
    found: list[str] = []
    for run in runs(text):
        found += pairs(run) if is_chinese(run) else _PART.split(run)
    return tuple(found)


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, long ones also in parts."""
    found: list[str] = []
    for run in runs(text):
        found += _cut_finely(run) if is_chinese(run) else _whole_and_parts(run)
    return tuple(found)


def lookups(text: str, *, with_single: bool = False) -> set[str]:
    """Return every token under which a text is found."""
    found: set[str] = set()
    before = ""
    for run in runs(text):
        if is_chinese(run):
            found.update(pairs(run))
            if with_single:
                found.update(run)
            before = run[-1]
        else:
            found.update(_whole_and_parts(run))
            if before and f"{before}{run}" in text:
                found.add(f"{before}{run}")  # a plate number: 赣a12345
            before = ""
    return found


def _whole_and_parts(run: str) -> list[str]:
    parts = [part for part in _PART.split(run) if part]
    return [run, *parts] if len(parts) > 1 else [run]


def identifiers(code: str) -> set[str]:
    """Return an identifier's beginnings and ends: 990000-mh, mh-ca-000001-p."""
    parts = code.lower().split("-")
    heads = {"-".join(parts[:n]) for n in range(1, len(parts) + 1)}
    tails = {"-".join(parts[n:-1]) for n in range(1, len(parts) - 1)}
    return {f"#{part}" for part in heads | tails | {"-".join(parts[1:])} if part}


@lru_cache(maxsize=65536)
def syllables(word: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(word))


def spellings(name: str) -> set[str]:
    """Return the pinyin of a name from each word on, as initials and whole.

    Two syllables at least: one alone would find half of the catalogue.
    """
    found: set[str] = set()
    for run in filter(is_chinese, runs(name)):
        sounds: list[str] = []
        begins: list[int] = []
        for word in cut(run):
            begins.append(len(sounds))
            sounds += syllables(word)
        for start in begins:
            mark = "^" if start == 0 and name.startswith(run) else "~"
            for spelled in _spelled_from(sounds[start : start + MOST_INITIALS]):
                found.add(f"~{spelled}")
                found.add(f"{mark}{spelled}")
    return found


def _spelled_from(sounds: list[str]) -> Iterable[str]:
    initials = "".join(sound[:1] for sound in sounds)
    for length in range(2, len(sounds) + 1):
        yield initials[:length]
    for length in range(2, min(len(sounds), MOST_SYLLABLES) + 1):
        yield "".join(sounds[:length])


def asked(q: str) -> Asked:
    """Return the query taken apart; an empty one finds everything."""
    text = normal(q[:200]).strip()
    found: list[Wanted] = []
    all_runs = runs(text)
    for run in all_runs:
        found += _chinese(run) if is_chinese(run) else [_latin(run)]
    found = _with_plates(text, found)
    kept = tuple({w.text: w for w in found if w.text not in noise()}.values()) or tuple(found)
    kept = kept[:MOST_WORDS]
    is_spelled = bool(all_runs) and all(_LATIN.fullmatch(run) for run in all_runs)
    return Asked(
        words=kept,
        exact="".join(text.split()),
        phrase=stream(text),
        likewise=_likewise(kept),
        scored=_scored(kept),
        spelled="".join(all_runs) if is_spelled else "",
    )


def _chinese(run: str) -> list[Wanted]:
    """Return the words of a stretch: the longest that has synonyms, else the dictionary's."""
    parts, found, at, position = _rejoined(cut(run)), [], 0, 0
    while at < len(parts):
        end = _synonym_end(parts, at)
        word = "".join(parts[at:end])
        before = run[position - 1] if position else ""
        found.append(_wanted(word, before))
        at, position = end, position + len(word)
    return found


def _rejoined(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Join neighbouring single characters: the dictionary lacks the word they make (桩号)."""
    found: list[str] = []
    was_single = False
    for part in parts:
        is_single = len(part) == 1 and part not in noise()
        if is_single and was_single:
            found[-1] += part
        else:
            found.append(part)
        was_single = is_single
    return tuple(found)


def _synonym_end(parts: tuple[str, ...], at: int) -> int:
    for end in range(len(parts), at, -1):
        word = "".join(parts[at:end])
        if len(word) <= longest() and word in synonyms():
            return end
    return at + 1


def _wanted(word: str, before: str) -> Wanted:
    ways = [way_of(word), _apart(word)]
    if len(word) == 1 and before and before not in noise():
        ways.insert(0, (before + word,))
    ways += [way_of(other) for other in synonyms().get(word, ())]
    return Wanted(word, _widest(ways))


def _widest(ways: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Drop each way that needs all of another one's tokens, and more: it finds nothing new."""
    found = tuple(dict.fromkeys(ways))
    return tuple(w for w in found if not any(set(other) < set(w) for other in found))


def _apart(word: str) -> tuple[str, ...]:
    """Return what a text is sure to have that holds a word's parts in any place."""
    parts = cut(word)
    if any(len(part) == 1 for part in parts):
        return way_of(word)
    return tuple(dict.fromkeys(pair for part in parts for pair in pairs(part)))


def way_of(word: str) -> tuple[str, ...]:
    """Return the tokens that a text holding the word is sure to have."""
    return tuple(dict.fromkeys(stream(word)))


def _latin(run: str) -> Wanted:
    ways: list[tuple[str, ...]] = [(run,)]
    parts = _whole_and_parts(run)[1:]
    ways += [tuple(dict.fromkeys(parts))] if parts else []
    ways += [(f"~{run}",)] if _LATIN.fullmatch(run) else []
    ways += [(f"#{run}",)] if _CODE.fullmatch(run) else []
    ways += [way_of(other) for other in synonyms().get(run, ())]
    for pattern in patterns():
        if pattern.form.fullmatch(run):
            ways += [way_of(word) for word in pattern.words]
    begins = run if run.isascii() and len(run) > 1 and not _CODE.fullmatch(run) else ""
    return Wanted(run, _widest(ways), begins=begins)


def _with_plates(text: str, found: list[Wanted]) -> list[Wanted]:
    """Put a plate number, cut apart by its scripts, together again."""
    whole = "".join(text.split())
    for pattern in patterns():
        if len(found) > 1 and pattern.form.fullmatch(whole):
            return [Wanted(whole, ((whole,), *(way_of(word) for word in pattern.words)))]
    return found


def _scored(found: Iterable[Wanted]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(token for word in found for token in words(word.text)))[:24]


def _likewise(found: tuple[Wanted, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the query with one word said otherwise, for each other way of saying it."""
    phrases: list[tuple[str, ...]] = []
    for n, word in enumerate(found):
        others = synonyms().get(word.text, ())
        for other in others:
            said = [w.text if m != n else other for m, w in enumerate(found)]
            phrases.append(stream("".join(said)))
    return tuple(dict.fromkeys(phrases))[:8]
