"""A profile says only what it may, and every number names its source."""

import pytest

from tongqu.policy.actions.seed import SHIPPED, shipped
from tongqu.policy.domain.terms import BadProfile, Profile, parse, terms
from tongqu.policy.queries import CLAUSES

MEASURES = shipped("mot-2021")


def profile(**changes: str) -> str:
    text = MEASURES
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


def test_the_measures_of_2021_give_the_numbers_that_the_text_prints() -> None:
    found = terms("mot-2021", parse(MEASURES).values)

    assert found.first_review_working_days == 3
    assert found.provider_review_working_days == 7
    assert found.idle_months == found.change_notice_months == 3
    assert found.connect_months == 6
    assert found.freshness["daily"].total_seconds() == 26 * 3600


@pytest.mark.parametrize("key", SHIPPED)
def test_a_number_is_either_printed_in_its_clause_or_called_an_assumption(key) -> None:
    found = parse(shipped(key))
    by_code = {c.code: c for c in CLAUSES}

    for name, source in found.sources.items():
        if source.startswith("assumption "):
            continue
        printed = {n for c in CLAUSES if c.code == source for n in c.numbers}
        assert source in by_code, f"{name} cites {source}, which is no clause"
        assert str(found.values[name]) in printed, f"{source} does not print {name}"


def test_the_regulation_of_2025_is_empty_until_a_person_fills_it() -> None:
    found = parse(shipped("sc-2025"))

    assert isinstance(found, Profile)
    assert not found.is_complete
    assert found.values == {}
    assert found.effective_from.isoformat() == "2025-08-01"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[numbers.idle_months]", "[numbers.idle_mouths]"),
        ('key = "mot-2021"', 'key = "mot-2021"\ncolour = "red"'),
        ("daily = 93600", "hourly = 93600"),
        ("daily = 93600", "daily = 0"),
        ("value = 7", "value = 7.5"),
        ("value = 7", "value = true"),
        ("value = 7", 'value = 7\nsource = "somewhere"'),
        ('status = "active"', 'status = "perhaps"'),
        ("value = 2\n", "value = 3\n"),
    ],
    ids=["misspelt term", "unknown key", "unknown cycle", "zero", "fraction", "truth value",
         "unknown key of a number", "unknown status", "warning not before the end"],
)  # fmt: skip
def test_what_a_profile_must_not_say_is_an_error(old, new) -> None:
    with pytest.raises(BadProfile):
        parse(profile(**{old: new}))


def test_a_number_without_a_source_is_an_error() -> None:
    text = MEASURES.replace('clause = "mot-2021-sharing 第二十条"\n', "")

    with pytest.raises(BadProfile, match="a clause or an assumption"):
        parse(text)


def test_a_missing_number_is_an_error() -> None:
    start = MEASURES.index("[numbers.feedback_months]")
    end = MEASURES.index("[numbers.supplement_working_days]")

    with pytest.raises(BadProfile, match="feedback_months"):
        parse(MEASURES[:start] + MEASURES[end:])
