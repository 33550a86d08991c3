"""联动更新: what a scan finds turns an entry 待更新, and those who answer for it are told."""

import pytest

from tests.factories_catalog import ITEMS, published_entry
from tests.factories_delivery import grant
from tongqu.catalog import public
from tongqu.catalog.models import LinkedChange
from tongqu.catalog.vocabulary import ChangeReason, DataType
from tongqu.identity.models import Message
from tongqu.kernel.actor import PLATFORM

SEEN = {item.name_en: item.data_type for item in ITEMS}


def _scan(columns: dict[str, DataType]) -> dict[str, object]:
    return {"columns": [{"name": name, "data_type": kind} for name, kind in columns.items()]}


@pytest.mark.req("CAT-04")
def test_a_dropped_column_turns_the_entry_to_update_gives_its_owner_a_task_and_consumers_notice(
    world, at, browser_of
):
    entry = published_entry(world)
    grant(world, entry)
    url = f"/api/v1/catalog/entries/{entry.code}/observation"
    support = browser_of("support")
    first = support.post(url, _scan(SEEN), content_type="application/json").json()
    without = {name: kind for name, kind in SEEN.items() if name != "dest"}

    found = support.post(url, _scan(without), content_type="application/json").json()

    assert (first["state"], first["changes"]) == ("published", [])
    assert found["state"] == "to_update"
    assert found["changes"] == [{"kind": "dropped", "column": "dest", "detail": ""}]
    todo = browser_of("cataloguer").get("/desk/todo/").content.decode()
    assert "待更新" in todo
    assert entry.code in todo
    consumer = browser_of("consumer").get("/desk/messages/").content.decode()
    assert "待更新" in consumer
    assert "删除 dest" in consumer
    page = browser_of("cataloguer").get(f"/manage/catalog/{entry.code}/change/").content.decode()
    assert "联动更新" in page
    assert "dest" in page


def test_a_rename_a_new_type_and_a_new_column_are_told_apart(world, at):
    entry = published_entry(world)
    public.record_observation(entry.code, SEEN)
    now = {("airline" if name == "carrier" else name): kind for name, kind in SEEN.items()}
    now |= {"flight": DataType.STRING, "gate": DataType.STRING}

    found = public.record_observation(entry.code, now)

    assert [str(change) for change in found] == [
        "改名 carrier → airline", "改类型 flight（整数型 → 字符型）", "新增 gate",
    ]  # fmt: skip


def test_the_same_columns_again_and_a_draft_change_nothing(world, at):
    entry = published_entry(world)

    public.record_observation(entry.code, SEEN)
    public.record_observation(entry.code, SEEN)

    assert public.published(entry.code).state == "published"
    assert not LinkedChange.objects.exists()


@pytest.mark.req("CAT-04")
def test_a_changed_function_marks_its_entries_once(world, at):
    entry = published_entry(world)
    told = Message.objects.filter(kind="联动更新")

    done = [
        public.mark_to_update(
            entry.code, by=PLATFORM, cause="示例：职能调整", reason=ChangeReason.FUNCTION_CHANGE
        )
        for _ in range(2)
    ]

    assert done == [True, False]
    assert public.published(entry.code).state == "to_update"
    assert told.count() == 1
    assert told.get().organisation.code == "990000-MH"
    assert "职能调整" in told.get().text


def test_another_department_cannot_report_a_scan(world, at, browser_of):
    entry = published_entry(world)
    url = f"/api/v1/catalog/entries/{entry.code}/observation"

    answer = browser_of("city").post(url, _scan(SEEN), content_type="application/json")

    assert answer.status_code == 403
