"""A full state that no longer names a key withdraws it: in the ledger, and from base tables."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count as count_from
from pathlib import Path

import pytest

from tests.db.ingest.conftest import count, rows
from tongqu.ingest import public as ingest
from tongqu.ingest.actions import load
from tongqu.ingest.models import Batch
from tongqu.ingest.vocabulary import BatchState, FileOptions
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.lake import public as lake

pytestmark = pytest.mark.usefixtures("at")
STATE = FileOptions(full_state=True)
FIRST = "id,name,length_km\n1,昌九高速,138.0\n2,沪昆高速,575.2\n3,大广高速,300\n"
SECOND = "id,name,length_km\n1,昌九高速,138.0\n2,沪昆高速,580\n4,济广高速,300\n"
MODEL = """
-- layer: dw
-- name: dw_roads
-- title: 示例路网
-- library: base
-- owner: 990000-MH
-- keys: id
SELECT r.id, r.name FROM ods.ods_roads AS r
QUALIFY row_number() OVER (
  PARTITION BY r.id ORDER BY r._load_time DESC, r._batch_id DESC, r._line DESC
) = 1
"""


def there() -> list[object]:
    return [row["id"] for row in lake.as_of(lake.ods_ref("ods_roads"), clock.today())
            .arrow().sort_by("id").to_pylist()]  # fmt: skip


def test_a_key_that_a_full_state_no_longer_names_is_withdrawn_and_may_come_back(
    register, deliver, at: clock.FixedClock, tmp_path: Path
) -> None:
    register(options=STATE)
    first = deliver(FIRST)
    assert first.facts["withdrawn"] == 0
    yesterday: date = clock.today()
    at.instant += timedelta(days=1)

    second = deliver(SECOND)

    assert (second.received, second.stored, second.duplicate) == (3, 2, 1)
    assert second.facts["withdrawn"] == 1
    gone = Batch.objects.get(number=second.facts["withdrawal"])
    assert (gone.state, gone.received, gone.stored) == (BatchState.CLOSED, 1, 1)
    assert f"撤下 1 条，见批次 {gone.number}" in second.note
    assert rows("ods_roads", "id, name, _op", "_load_time, id")[-1] == (3, "大广高速", "D")
    assert there() == [1, 2, 4]
    then = lake.as_of(lake.ods_ref("ods_roads"), yesterday).arrow()
    assert sorted(then["id"].to_pylist()) == [1, 2, 3]

    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "dw_roads.sql").write_text(MODEL)
    lake.run_models(pack, by=PLATFORM)
    assert [key for (key,) in rows("dw_roads", "id")] == [1, 2, 4]

    third = deliver(FIRST)  # the very file of the first day: 3 is back, 4 is gone, 2 as it was
    assert (third.stored, third.duplicate, third.facts["withdrawn"]) == (2, 1, 1)
    assert there() == [1, 2, 3]
    lake.run_models(pack, by=PLATFORM)
    assert rows("dw_roads", "id, name") == [(1, "昌九高速"), (2, "沪昆高速"), (3, "大广高速")]
    assert deliver(FIRST).facts["withdrawn"] == 0
    assert there() == [1, 2, 3]


def test_a_row_kept_apart_names_its_key_and_an_unreadable_one_withdraws_nothing(
    register, deliver
) -> None:
    register(options=STATE)
    deliver(FIRST)

    wrong = deliver("id,name,length_km\n1,昌九高速,138.0\n2,沪昆高速,许多公里\n")
    assert (wrong.rejected, wrong.facts["withdrawn"]) == (1, 1)
    assert there() == [1, 2]
    for text in (
        "id,name,length_km\n1,昌九高速,138.0\n,沪昆高速,1\n",
        "id,name,length_km\n1,昌九高速,138.0\n2,沪昆高速\n",
    ):
        assert "未判断撤下" in deliver(text).note
    assert "未判断撤下" in deliver("id,name,length_km\n").note
    assert there() == [1, 2]


def test_without_the_declaration_or_keys_nothing_is_withdrawn(register, deliver) -> None:
    register()
    deliver(FIRST)

    assert "withdrawn" not in deliver(SECOND).facts
    assert count("ods_roads") == 5


@pytest.mark.parametrize("step", ["done", "due"])
def test_a_kill_before_or_after_the_withdrawal_is_made_good(
    register, deliver, monkeypatch, step
) -> None:
    register(options=STATE)
    deliver(FIRST)
    with monkeypatch.context() as killed:
        killed.setattr(load.withdrawals, step, _killed_at(2 if step == "due" else 1, step))
        with pytest.raises(KeyboardInterrupt):
            deliver(SECOND)

    ingest.recover(by=PLATFORM)
    ingest.recover(by=PLATFORM)

    assert there() == [1, 2, 4]
    assert len(rows("ods_roads", "id", "1")) == 6
    assert Batch.objects.order_by("pk")[1].facts["withdrawn"] == 1


def _state(ids: range) -> str:
    return "id,name,length_km\n" + "".join(f"{n},示例{n},1\n" for n in ids)


def test_a_file_cut_short_withdraws_nothing_until_its_department_confirms(
    register, deliver, browser_of
) -> None:
    register(options=STATE)
    deliver(_state(range(40)))
    assert deliver(_state(range(12, 40))).facts["withdrawn"] == 12  # 30 %: as usual

    short = deliver(_state(range(12, 31)))

    provider = browser_of("cataloguer")
    assert short.facts["withdrawn"] == 9  # fewer than ten: at once, whatever their share
    cut = deliver(_state(range(12, 20)))
    page = f"/manage/ingest/batches/{cut.number}/"
    assert "withdrawn" not in cut.facts
    assert "有 11 条，占现有 19 条的 57.9%，超过 30%，未撤下，待确认" in cut.note
    ingest.recover(by=PLATFORM)
    assert there() == list(range(12, 31))
    assert "确认撤下 11 条" in provider.get(page).content.decode()
    assert browser_of("consumer").post(f"{page}withdraw/").status_code in (403, 404)

    provider.post(f"{page}withdraw/")

    assert there() == list(range(12, 20))
    assert Batch.objects.get(number=cut.number).facts["withdrawn"] == 11
    again = provider.post(f"/api/v1/ingest/batches/{cut.number}/withdraw")
    assert (again.status_code, again.json()["code"]) == (409, "NOTHING_HELD")


def test_a_newer_state_makes_a_held_one_void_and_the_share_is_declared(
    register, deliver, browser_of
) -> None:
    register(options=FileOptions(full_state=True, withdraw_most=60))
    deliver(_state(range(40)))
    assert deliver(_state(range(17, 40))).facts["withdrawn"] == 17  # 42.5 %
    cut = deliver(_state(range(17, 20)))
    assert "withdrawn" not in cut.facts

    whole = deliver(_state(range(16, 40)))

    assert (whole.facts["withdrawn"], there()) == (0, list(range(16, 40)))
    void = browser_of("cataloguer").post(f"/api/v1/ingest/batches/{cut.number}/withdraw")
    assert void.json()["code"] == "NOTHING_HELD"
    assert there() == list(range(16, 40))


def _killed_at(call: int, step: str) -> Callable[..., object]:
    usual, calls = getattr(load.withdrawals, step), count_from(1)

    def killed(*given: object) -> object:
        if next(calls) == call:
            raise KeyboardInterrupt
        return usual(*given)

    return killed
