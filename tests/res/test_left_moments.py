"""What turns with the hour: messages of a subscription, terms that run out."""

from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import pytest

from tests.factories_delivery import PURPOSE, grant
from tests.res.pack import IDCARD, right, rights

WORK, CERTIFICATE, SHIP = "maintenance_work_event", "ship_operating_certificate", "ship_basic"
LISTS = "credit_red_black_list"


@pytest.mark.req("RES-16")
def test_res_16_three_messages_each_within_five_seconds_and_one_to_be_confirmed(
    res, world, at
) -> None:
    planned = right(WORK, 1, event_state="计划")
    silent = right(WORK, 2, event_state="进行", plan_end="2026-09-24 18:00:00")
    begun = planned | {"event_state": "进行", "actual_start": "2026-09-24 08:10:00"}
    ended = begun | {"event_state": "结束", "actual_end": "2026-09-24 08:40:00"}
    # The subscriber is there already, with the cursor behind an earlier work.
    res.install(f"dw_{WORK}", f"svc_{WORK}")
    res.load(WORK, [right(WORK, 9, event_state="取消")])
    res.work()
    entry = res.serve(WORK, f"svc_{WORK}")
    items = ("event_id", "event_state", "update_time")
    number = grant(world, entry, items=items, manners=entry.manners).number

    def news(behind: str) -> tuple[list[dict[str, Any]], str]:
        asked = {"purpose": PURPOSE, "cursor": behind}
        answer = res.consumer.get(f"/api/v1/data/{number}/changes", asked).json()
        return answer["changes"], answer["next_cursor"]

    (_,), cursor = news("")
    told, seconds = [], []
    for message in (planned, begun, ended):
        started = monotonic()
        res.load(WORK, [message])
        assert res.work() == 1  # nobody runs models by hand: the load asked for it
        changes, cursor = news(cursor)
        seconds.append(monotonic() - started)
        told.append([(change["op"], change["row"]["event_state"]) for change in changes])

    assert told == [[("I", "计划")], [("U", "进行")], [("U", "结束")]]
    assert max(seconds) <= 5, seconds

    res.load(WORK, [silent])
    res.work()
    state = {"event_id": silent["event_id"]}
    at.instant = datetime.fromisoformat("2026-09-24T19:59:00+08:00")  # within the two hours
    res.work()
    assert res.ask(WORK, **state)[0]["event_state"] == "进行"
    at.instant += timedelta(minutes=2)
    assert res.work() == 1  # by its moment: nothing came in
    assert res.ask(WORK, **state)[0]["event_state"] == "待确认"
    (last,), _ = news(cursor)
    assert last["row"]["event_state"] == "待确认"


@pytest.mark.req("RES-24")
def test_res_24_certificates_that_run_out_and_ships_seen_after_it(res, world, at) -> None:
    from tongqu.catalog.vocabulary import DataType
    from tongqu.ingest import public as ingest
    from tongqu.ingest.vocabulary import ColumnSpec

    rows = rights(CERTIFICATE, 4)
    for row, day in zip(
        rows, ("2026-10-19", "2026-10-25", "2026-09-23", "2026-09-24"), strict=True
    ):
        row["valid_to"] = day  # in 25 and 31 days, yesterday, today
    res.load(CERTIFICATE, rows)
    res.load(SHIP, rights(SHIP, 4))
    by = world.actor("cataloguer")
    ingest.register_source(
        code="ship_position", name="示例船舶位置（AIS）", provider_id=by.organisation_id, by=by,
        columns=(
            ColumnSpec("mmsi"), ColumnSpec("lon", DataType.DECIMAL),
            ColumnSpec("lat", DataType.DECIMAL), ColumnSpec("seen_time", DataType.DATETIME),
        ),
    )  # fmt: skip
    seen = res.place / "ais.csv"
    lines = [f"{row['mmsi']},116.0,28.9,2026-09-24 08:00:00" for row in rights(SHIP, 4)[2:]]
    seen.write_text("\n".join(["mmsi,lon,lat,seen_time", *lines]))
    ingest.load("ship_position", seen, by=by)

    res.install(
        f"dw_{CERTIFICATE}", "svc_ship_certificate_due", f"dw_{SHIP}", "dw_ship_position",
        "svc_ship_expired_seen",
    )  # fmt: skip
    assert res.work() == 1

    hints = res.product("示例：到期提示", "svc_ship_certificate_due", "cert_no", "days_left")
    assert {row["cert_no"]: row["days_left"] for row in hints} == {
        rows[3]["cert_no"]: 0, rows[0]["cert_no"]: 25,
    }  # fmt: skip
    flagged = res.product("示例：过期仍航行", "svc_ship_expired_seen", "cert_no", "mmsi")
    assert flagged == [{"cert_no": rows[2]["cert_no"], "mmsi": right(SHIP, 3)["mmsi"]}]
    at.instant += timedelta(days=1)  # nothing new comes in: the list turns by itself
    assert res.work() == 1
    due = {row["cert_no"] for row in res.ask(CERTIFICATE, "svc_ship_certificate_due")}
    assert due == {rows[0]["cert_no"], rows[1]["cert_no"]}


def test_res_35_an_entry_runs_out_although_nothing_new_comes_in(res, at) -> None:
    """Read through a grant; the open portal's own API is not here yet: unmarked."""
    rows = rights(LISTS, 2)
    rows[0]["valid_to"] = "2026-09-24"
    rows[1] |= {
        "subject_type": "自然人", "subject_name": "张示例", "person_id_no": IDCARD, "uscc": "",
    }  # fmt: skip
    res.load(LISTS, rows)
    models = (f"dw_{LISTS}", "svc_credit_list_public")

    def shown() -> set[str]:
        res.run(*models)
        return {row["list_no"] for row in res.ask(LISTS, "svc_credit_list_public")}

    assert shown() == {row["list_no"] for row in rows}
    at.instant += timedelta(days=1)
    assert shown() == {rows[1]["list_no"]}
    res.load(LISTS, [rows[1] | {"public_state": "已移出", "remove_date": "2026-09-25",
                                "remove_reason": "信用修复"}])  # fmt: skip
    assert shown() == set()
