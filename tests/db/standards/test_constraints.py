"""What the database itself refuses, whoever writes."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.factories_standards import code_table, standard
from tongqu.kernel import clock
from tongqu.standards.models import (
    Ballot,
    CodeTableVersion,
    Comment,
    Crosswalk,
    DataElement,
    Standard,
)

pytestmark = pytest.mark.django_db


def refused(make) -> bool:
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


def test_a_state_that_nobody_knows_is_not_stored(world, at) -> None:
    code = standard()

    assert refused(lambda: Standard.objects.filter(code=code).update(state="loved"))
    assert refused(lambda: Standard.objects.filter(code=code).update(kind="rule"))  # nobody's


def test_a_refused_comment_without_a_reason_is_not_stored(world, at) -> None:
    row = Standard.objects.get(code=standard())

    def comment(**given):
        return Comment.objects.create(standard=row, text="示例", author="示例", at=clock.now(),
                                      **given)  # fmt: skip

    assert refused(lambda: comment(answer="refused"))
    assert not refused(lambda: comment(answer="refused", reason="示例理由"))
    assert not refused(lambda: comment(answer="accepted"))


def test_a_member_votes_once_a_round(world, at) -> None:
    row = Standard.objects.get(code=standard())

    def vote(number):
        return Ballot.objects.create(standard=row, round=number, member="示例", member_key="m",
                                     vote="for", at=clock.now())  # fmt: skip

    assert not refused(lambda: vote(1))
    assert refused(lambda: vote(1))
    assert not refused(lambda: vote(2))


def test_a_version_ends_after_it_begins_and_no_two_begin_together(world, at) -> None:
    code_table()
    rows = CodeTableVersion.objects.filter(name="CT-PCOL")

    assert refused(lambda: rows.update(valid_to=date(2019, 1, 1)))
    assert refused(
        lambda: CodeTableVersion.objects.create(
            name="CT-PCOL", version="x", title="示例", valid_from=date(2019, 1, 1),
            changed_at=clock.now(), changed_by="示例",
        )
    )  # fmt: skip


def test_a_cross_walk_joins_two_tables_and_an_element_has_a_known_type(world, at) -> None:
    stamp = {"changed_at": clock.now(), "changed_by": "示例"}

    assert refused(lambda: Crosswalk.objects.create(source="A", target="A", **stamp))
    assert refused(lambda: DataElement.objects.create(code="DE-X", name_zh="示例", name_en="x",
                                                      data_type="colour", **stamp))  # fmt: skip
