"""Step 8: one grant served three ways with the same rows, and nothing without a grant."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from tongqu.kernel.clock import SHANGHAI
from tongqu.project.demo.requesting import CONSUMER, TOURISM
from tongqu.project.demo.stage import USED, Stage, Told, expect

PURPOSE = {"purpose": "emergency"}
PAGE = 5000
FIFTEEN = Context(prec=15)  # significant digits: a spreadsheet keeps no more
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")  # a text file has no other numbers
Row = Mapping[str, Any]


def serving(stage: Stage) -> Told:
    """Query, subscribe, download in three formats: equal rows by hash, masks and limits kept."""
    stage.on(USED)
    grant = stage.grants[stage.main.code]
    ways = {
        "联机查询": _pages(stage, grant, "rows"),
        "数据订阅": _pages(stage, grant, "changes"),
        "下载 Parquet": _parquet(_download(stage, grant, "parquet")),
        "下载 CSV": _csv(_download(stage, grant, "csv")),
        "下载 xlsx": _xlsx(_download(stage, grant, "xlsx")),
    }
    digests = {name: digest(rows) for name, rows in ways.items()}
    expect(len(set(digests.values())) == 1, f"各方式的行集不一致：{digests}")
    rows = ways["联机查询"]
    _limits(stage, rows)
    _open_data(stage)
    refused = _refused(stage, grant)
    counts: dict[str, Any] = {name: len(found) for name, found in ways.items()}
    counts["拒绝"] = refused
    return counts, f"五份行集摘要一致（{next(iter(digests.values()))[:16]}）；无授权调用 403"


def _pages(stage: Stage, grant: str, manner: str) -> list[Row]:
    """Follow the cursor to the end; every page comes from the same snapshot."""
    rows: list[Row] = []
    cursor = ""
    while True:
        query = urlencode({**PURPOSE, "limit": PAGE, "cursor": cursor})
        body = stage.call(CONSUMER, "GET", f"/data/{grant}/{manner}?{query}").must(200).body
        found = body[manner]
        rows += [change["row"] for change in found] if manner == "changes" else found
        cursor = body["next_cursor"] or ""
        if not cursor or not found or body.get("has_more") is False:
            return rows


def _download(stage: Stage, grant: str, form: str) -> bytes:
    body = {**PURPOSE, "format": form}
    job = stage.call(CONSUMER, "POST", f"/data/{grant}/downloads", body).must(202).body
    expect(job["state"] == "ready", f"{form} 文件未备好：{job['problem']}")
    path = str(job["file"]).removeprefix("/api/v1")
    content = stage.call(CONSUMER, "GET", path).must(200).content
    expect(hashlib.sha256(content).hexdigest() == job["sha256"], f"{form} 文件与摘要不符")
    return content


def _parquet(content: bytes) -> list[Row]:
    import pyarrow.parquet as pq

    found: list[Row] = pq.read_table(io.BytesIO(content)).to_pylist()
    return found


def _csv(content: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def _xlsx(content: bytes) -> list[Row]:
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    header, *rows = sheet.to_python()
    timed = {n for row in rows for n, cell in enumerate(row) if isinstance(cell, datetime)}
    return [
        {str(header[n]): _midnight(cell) if n in timed else cell for n, cell in enumerate(row)}
        for row in rows
    ]


def _midnight(cell: Any) -> Any:
    """Give an instant back its midnight: the reader takes such a cell for a bare date."""
    is_bare = isinstance(cell, date) and not isinstance(cell, datetime)
    return datetime(cell.year, cell.month, cell.day, tzinfo=SHANGHAI) if is_bare else cell


def digest(rows: Iterable[Row]) -> str:
    """Return the SHA-256 of a set of rows, whatever their order and their file's types."""
    spelled = sorted("\x1f".join(f"{k}={_spell(row[k])}" for k in sorted(row)) for row in rows)
    return hashlib.sha256("\x1e".join(spelled).encode()).hexdigest()


def _spell(value: Any) -> str:
    """Spell a value the way all five carriers can: numbers without a tail, instants in UTC."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return _number(str(value))
    if isinstance(value, datetime):
        return _instant(value)
    return _text(value) if isinstance(value, str) else str(value)


@lru_cache(maxsize=1 << 16)  # the same few values come again and again
def _text(value: str) -> str:
    if NUMBER.fullmatch(value):
        return _number(value)
    if len(value) >= 19 and value[4:5] == value[7:8] == "-":
        return _instant(datetime.fromisoformat(value.replace(" ", "T")))
    return value


@lru_cache(maxsize=1 << 16)
def _number(text: str) -> str:
    return format(FIFTEEN.plus(Decimal(text)).normalize(), "f")


def _instant(value: datetime) -> str:
    """A spreadsheet knows no zone: it holds the time in Shanghai."""
    aware = value if value.tzinfo else value.replace(tzinfo=SHANGHAI)
    return aware.astimezone(UTC).isoformat(timespec="seconds")


def _limits(stage: Stage, rows: Sequence[Row]) -> None:
    """Nothing that was not granted: no hidden item, no row outside, masked values masked."""
    hidden = {name for name, item in stage.main.items.items() if not item.shareable}
    masked = {name for name, item in stage.main.items.items() if (item.level or 1) >= 3}
    expect(rows, "授权范围内没有数据")
    expect(not hidden & set(rows[0]), f"不共享的信息项被交付：{hidden & set(rows[0])}")
    if stage.manifest.row_filter:
        item, values = stage.manifest.row_filter
        expect({str(row[item]) for row in rows} <= set(values), "授权范围外的行被交付")
    for name in masked & set(rows[0]):
        filled = [str(row[name]) for row in rows if row[name] is not None]
        expect(all("*" in value for value in filled), f"{name} 未脱敏")


def _open_data(stage: Stage) -> None:
    """Use the automatically granted resource once: it is not idle any more."""
    if grant := stage.grants.get(stage.manifest.open_source):
        query = urlencode({"purpose": "public_service", "limit": 1})
        stage.call(CONSUMER, "GET", f"/data/{grant}/rows?{query}").must(200)


def _refused(stage: Stage, grant: str) -> int:
    """Another department, no grant at all, another purpose: each refused with its code."""
    query = urlencode(PURPOSE)
    other = urlencode({"purpose": "statistics"})
    calls = (
        (TOURISM, f"/data/{grant}/rows?{query}", "NO_GRANT"),
        (CONSUMER, f"/data/SQ-2026-0101-999/rows?{query}", "NO_GRANT"),
        (CONSUMER, f"/data/{grant}/rows?{other}", "PURPOSE_MISMATCH"),
    )
    for who, path, code in calls:
        answer = stage.call(who, "GET", path).must(403)
        expect(answer.code == code, f"应答 {answer.code}，应为 {code}")
        expect(answer.body.get("clause") and answer.body.get("next_step"), "拒绝须写明依据和办法")
    price = stage.call(CONSUMER, "GET", f"/grants/{grant}/price").must(409)
    expect(price.code == "FREE_BY_POLICY", "共享无偿，不应有价格")
    return len(calls) + 1
