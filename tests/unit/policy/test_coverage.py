"""A claim to keep the law is believed only where the code shows it."""

from tongqu.kernel.law import Clause
from tongqu.policy.clauses import measures_2021 as law
from tongqu.policy.domain.coverage import cover, markdown, names_of_tests, numeral, uses
from tongqu.policy.vocabulary import Keeping

MODULE = "tongqu.policy.clauses.measures_2021"
CLAUSES = {n: c for n, c in vars(law).items() if isinstance(c, Clause)}
BY_ALIAS = """
from tongqu.policy.clauses import measures_2021 as law

LIMIT = law.FIRST_REVIEW

class Desk:
    def refuse(self):
        return law.REFUSAL_BASIS
"""
BY_NAME = """
from tongqu.policy.clauses.measures_2021 import IDLE_GRANT as idle

def revoke():
    return idle
"""


def test_a_use_by_the_modules_alias_is_found_with_its_function() -> None:
    found = list(uses(BY_ALIAS, "room.desk", MODULE))

    assert [(p.constant, p.function) for p in found] == [
        ("FIRST_REVIEW", ""),
        ("REFUSAL_BASIS", "Desk.refuse"),
    ]


def test_a_use_by_an_imported_name_is_found() -> None:
    assert [(p.constant, p.function) for p in uses(BY_NAME, "room.grants", MODULE)] == [
        ("IDLE_GRANT", "revoke")
    ]


def test_what_is_claimed_without_code_is_shown_as_manual_and_as_a_gap() -> None:
    rows = {r.number: r for r in cover(CLAUSES, {"room.desk": BY_ALIAS}, {}, {})}

    assert rows[12].state is Keeping.ENFORCED
    assert rows[17].state is Keeping.MANUAL
    assert rows[17].is_gap
    assert not rows[24].is_gap


def test_the_tests_of_an_article_are_named() -> None:
    names = names_of_tests("def test_one(): ...\ndef helper(): ...\ndef test_two(): ...\n")

    rows = cover(CLAUSES, {}, {12: names}, {})

    assert rows[11].tests == ("test_one", "test_two")


def test_the_document_has_a_line_for_each_article() -> None:
    text = markdown(cover(CLAUSES, {}, {}, {}))

    assert sum(line.startswith("| 第") for line in text.splitlines()) == 26


def test_numerals_are_written_as_printed() -> None:
    assert [numeral(n) for n in (1, 10, 11, 20, 26)] == ["一", "十", "十一", "二十", "二十六"]
