"""A citation cannot drift from the law it names: every key phrase is looked up in its place.

The official texts are not part of the repository. Where they lie beside it, the phrases are
found in them, white space apart; where not, the tests say that they were skipped.
"""

import re

import pytest

from tests.conftest import POLICY
from tongqu.kernel.law import Clause
from tongqu.policy.clauses import gd_2024, jx_2026, measures_2021, mot_2020, mot_2025
from tongqu.policy.domain.texts import articles, squeezed
from tongqu.policy.queries import CLAUSES

NO_TEXTS = not POLICY.is_dir()
FILES = {
    "mot-2021-sharing": "002-mot-2021-sharing.txt",
    "gd-2024-governance": "003-gd-2024-governance.txt",
    "mot-2025-opinion": "000-mot-2025-opinion.txt",
    "mot-2020-outline": "001-mot-2020-outline.txt",
    "jx-2026-operation": "004-jx-2026-operation.txt",
}
CITED = [
    clause
    for document in (measures_2021, gd_2024, mot_2025, mot_2020, jx_2026)
    for clause in document.CLAUSES
]
needs_texts = pytest.mark.skipif(
    NO_TEXTS, reason="the official texts are not beside the repository"
)
CHAPTERS = "一二三四五六七八九十"


def text_of(clause: Clause) -> str:
    return (POLICY / FILES[clause.regulation.key]).read_text(encoding="utf-8")


def passage(clause: Clause) -> str:
    """Return the text of the place: an article, or 三（四）: chapter 三, section （四）."""
    text = text_of(clause)
    if clause.place.startswith("第"):
        return articles(text)[clause.place]
    chapter, section = clause.place[0], clause.place[1:]
    following = CHAPTERS[CHAPTERS.index(chapter) + 1]
    # The chapter of the body, not of a table of contents: the one that holds the section.
    for start in re.finditer(rf"^\s*{chapter}、", text, re.M):
        end = re.compile(rf"^\s*{following}、", re.M).search(text, start.end())
        body = text[start.start() : end.start() if end else None]
        if found := re.search(
            rf"^\s*{section}.*?(?=^\s*（[一二三四五六七八九十]+）|\Z)", body, re.M | re.S
        ):
            return found[0]
    raise AssertionError(f"{clause.code}: no such place")


@needs_texts
@pytest.mark.parametrize("clause", CITED, ids=lambda c: f"{c.code} {c.gist}")
def test_the_key_phrase_stands_in_the_place_it_cites(clause) -> None:
    assert squeezed(clause.phrase) in squeezed(passage(clause))


@needs_texts
@pytest.mark.parametrize("clause", [c for c in CITED if c.numbers], ids=lambda c: c.code)
def test_the_numbers_stand_in_the_article_they_cite(clause) -> None:
    found = re.findall(r"\d+", passage(clause))

    assert set(clause.numbers) <= set(found)


@needs_texts
def test_every_article_of_the_measures_is_a_clause() -> None:
    text = (POLICY / FILES["mot-2021-sharing"]).read_text(encoding="utf-8")

    assert list(articles(text)) == list(dict.fromkeys(c.place for c in measures_2021.CLAUSES))


def test_there_are_26_articles() -> None:
    from tongqu.policy.domain.coverage import CLAIMS, numeral

    places = list(dict.fromkeys(c.place for c in measures_2021.CLAUSES))

    assert places == [f"第{numeral(n)}条" for n in CLAIMS]
    assert len(places) == 26


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda c: f"{c.code} {c.gist}")
def test_a_gist_is_in_our_own_words_and_short(clause) -> None:
    assert 0 < len(clause.gist) <= 40
    assert 0 < len(clause.phrase) <= 30, "a key phrase of a few words, not the text"


def test_two_clauses_of_one_place_say_different_things() -> None:
    said = [(c.code, c.gist) for c in CLAUSES]

    assert len(said) == len(set(said))
