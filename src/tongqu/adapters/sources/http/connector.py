"""The interface connector: page by page, into pieces that the one load path takes."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tongqu.adapters.sources.http import settings as told
from tongqu.adapters.sources.http.auth import Request, fingerprint
from tongqu.adapters.sources.http.client import Answer, Client, Sleep, host_of
from tongqu.adapters.sources.http.settings import Ask
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.ports import Connection, Cursor, Piece, Probe, PullFailed, PullOptions, Setting
from tongqu.ingest.vocabulary import ColumnSpec, FileOptions, Form, Mode
from tongqu.security.public import secrecy_mark

HEAD = 1 << 16  # characters of a page in which a mark is looked for
MOST_DIGITS = 18  # of a total
JSON_PIECE = FileOptions(format="json", keep_empty=True)


@dataclass(frozen=True, slots=True)
class Page:
    """What one request brought. ``following`` is where the next begins; None: this was the last."""

    text: str  # of JSON: without escapes, so that words can be found; of CSV: bytes as latin-1
    records: Sequence[Any]
    following: Cursor | None
    total: int | None


@dataclass(slots=True)
class Walk:
    """Where a pull stands. ``seen`` counts records; ``high`` is the largest key or time so far."""

    at: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    total: int | None = None
    since: Any = None
    high: Any = None

    @classmethod
    def resumed(cls, cursor: Cursor | None) -> "Walk":
        held = dict(cursor or {})
        return cls(held.get("at") or {}, int(held.get("seen", 0)), held.get("total"),
                   held.get("since"), held.get("high"))  # fmt: skip

    def restart(self) -> None:
        self.at, self.seen, self.total = {}, 0, None

    def cursor(self, following: Cursor | None) -> dict[str, Any]:
        if following is None:  # complete: the next pull begins anew, or after the largest
            high = self.high if self.high is not None else self.since
            return {} if high is None else {"since": high}
        return {"at": dict(following), "seen": self.seen, "total": self.total,
                "since": self.since, "high": self.high}  # fmt: skip


class HttpPuller:
    """``allowed``: hosts and networks that may be asked (TONGQU_SCAN_ALLOWED)."""

    title = "HTTP 接口"
    form = Form.INTERFACE
    modes: tuple[Mode, ...] = (Mode.FULL, Mode.BY_TIME, Mode.BY_KEY)
    connection_settings: tuple[Setting, ...] = told.CONNECTION
    option_settings: tuple[Setting, ...] = told.OPTIONS

    def __init__(self, *, allowed: Sequence[str], sleep: Sleep = time.sleep) -> None:
        self.allowed, self._sleep = tuple(allowed), sleep

    def check(self, connection: Connection, options: PullOptions) -> None:
        host_of(connection.address, allowed=self.allowed)
        told.connection_of(connection)
        if options.what:
            ask = told.ask_of(options)
            if options.mode is not Mode.FULL and not ask.since_param:
                raise told.wrong("since_param", "增量接入没有写增量参数名。", "请补填，如 since。")

    def probe(self, connection: Connection, options: PullOptions) -> Probe:
        """Ask for the first page and propose its fields; what each holds, a scan will tell."""
        with self._client(connection) as client:
            if not options.what:
                return Probe(note=f"可以连接 {client.host.name}，请填写接口路径后再探查。")
            page = _Pages(client, told.ask_of(options), options).page(Walk())
        names: dict[str, None] = {}
        for record in page.records:
            names |= dict.fromkeys(record if isinstance(record, dict) else ())
        columns = tuple(ColumnSpec(name, DataType.STRING) for name in names)
        return Probe(columns=columns, rows=page.total, note=f"首页 {len(page.records)} 条记录。")

    def pull(
        self, connection: Connection, options: PullOptions, cursor: Cursor | None, into: Path
    ) -> Iterator[Piece]:
        ask = told.ask_of(options)
        with self._client(connection) as client:
            pages = _Pages(client, ask, options)
            walk = Walk.resumed(cursor)
            pieces = _csv_pieces if ask.format == "csv" else _json_pieces
            yield from pieces(pages, walk, options, into)

    def _client(self, connection: Connection) -> Client:
        given = told.connection_of(connection)
        return Client(connection, given, allowed=self.allowed, sleep=self._sleep)


class _Pages:
    """Asks for pages and notices one that repeats or leads round in a circle."""

    def __init__(self, client: Client, ask: Ask, options: PullOptions) -> None:
        self._client, self.ask, self._options = client, ask, options
        self._last, self._places = "", set[str]()

    def forget(self) -> None:
        self._places.clear()
        self._last = ""

    def page(self, walk: Walk) -> Page:
        if self.ask.format == "csv":
            page = self._csv(self._client.ask(self._request(walk), bytes), walk)
        else:
            answer = self._client.ask(self._request(walk), _parsed)
            document = answer.document
            records = _at(document, self.ask.records)
            if not isinstance(records, list):
                raise PullFailed("RECORDS_MISSING", "响应里没有登记的记录数组。",
                                 "请核对记录路径；接口改版的请先办理变更。")  # fmt: skip
            following = self._following(answer, document, walk, len(records))
            shown = json.dumps(document, ensure_ascii=False)
            page = Page(shown, records, following, self._total(document))
        self._check_circle(page)
        return page

    def _request(self, walk: Walk) -> Request:
        ask = self.ask
        query = parse_qsl(ask.query, keep_blank_values=True)
        path = str(walk.at.get("path", ask.path))
        if "path" not in walk.at:
            query += self._paging(walk)
            if self._options.mode is not Mode.FULL and walk.since is not None:
                query.append((ask.since_param, self._since(walk.since)))
        if ask.method == "GET":
            place, _, own = path.partition("?")
            return Request("GET", place, (*parse_qsl(own, keep_blank_values=True), *query)
                           if "path" not in walk.at else tuple(parse_qsl(own)))  # fmt: skip
        body = {**_body(ask), **dict(query)}
        return Request("POST", path, body=json.dumps(body).encode(),
                       headers={"Content-Type": "application/json"})  # fmt: skip

    def _paging(self, walk: Walk) -> list[tuple[str, str]]:
        ask, pairs = self.ask, list[tuple[str, str]]()
        if ask.size_param and ask.paging != "none":
            pairs.append((ask.size_param, str(ask.page_size)))
        match ask.paging:
            case "page":
                pairs.append((ask.page_param, str(walk.at.get("page", ask.first_page))))
            case "offset":
                pairs.append((ask.page_param, str(walk.at.get("offset", 0))))
            case "cursor" if "token" in walk.at:
                pairs.append((ask.page_param, str(walk.at["token"])))
        return pairs

    def _since(self, since: Any) -> str:
        """Return the largest time so far, less the overlap in which late rows may come."""
        seconds = self._options.overlap_seconds
        if self._options.mode is not Mode.BY_TIME or not seconds:
            return str(since)
        try:
            return (datetime.fromisoformat(str(since)) - timedelta(seconds=seconds)).isoformat()
        except ValueError:
            return str(since)

    def _following(
        self, answer: Answer, document: Any, walk: Walk, count: int
    ) -> Mapping[str, Any] | None:
        ask = self.ask
        match ask.paging:
            case "page" if count:
                return {"page": int(walk.at.get("page", ask.first_page)) + 1}
            case "offset" if count:
                return {"offset": int(walk.at.get("offset", 0)) + count}
            case "cursor":
                token = _at(document, ask.next_path)
                return None if token in (None, "", False) else {"token": token}
            case "link":
                link = answer.link or (_at(document, ask.next_path) if ask.next_path else "")
                if link:
                    return {"path": self._client.path_of(str(link), ask.path)}
        return None

    def _total(self, document: Any) -> int | None:
        text = str(_at(document, self.ask.total_path)) if self.ask.total_path else ""
        return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None

    def _csv(self, answer: Answer, walk: Walk) -> Page:
        """Count lines, not rows: the load path parses them. A page of a header alone is the end."""
        lines = answer.body.count(b"\n") + (not answer.body.endswith(b"\n"))
        count = max(lines - 1, 0) if answer.body.strip() else 0
        following = self._following(answer, None, walk, count)
        return Page(answer.body.decode("latin-1"), range(count), following, None)

    def _check_circle(self, page: Page) -> None:
        is_csv = self.ask.format == "csv"
        content = fingerprint((page.text if is_csv else json.dumps(page.records)).encode())
        if page.records and content == self._last:
            raise PullFailed("PAGE_REPEATS", "接口对不同的页返回了同一页，已停止。",
                             "请核对分页参数名；接口可能没有识别它。")  # fmt: skip
        self._last = content
        place = json.dumps(page.following, sort_keys=True)
        if page.following is not None and place in self._places:
            raise PullFailed("CURSOR_LOOPS", "接口的游标回到了已取过的位置，已停止。",
                             "请提供部门核对接口的分页。")  # fmt: skip
        self._places.add(place)


def _body(ask: Ask) -> dict[str, Any]:
    try:
        found = json.loads(ask.body or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise told.wrong("body", "请求体不是 JSON 对象。", "请改正。")
    return found


def _parsed(body: bytes) -> Any:
    document = json.loads(body, parse_constant=_no_constant)
    if b"\\ud" in body or b"\\uD" in body:  # half a pair of surrogates is no character
        json.dumps(document, ensure_ascii=False).encode()
    return document


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _at(document: Any, path: str) -> Any:
    """Return what stands at ``data.items``; None where there is nothing."""
    for part in path.split(".") if path else ():
        if isinstance(document, dict):
            document = document.get(part)
        elif isinstance(document, list) and part.isdecimal() and int(part) < len(document):
            document = document[int(part)]
        else:
            return None
    return document


def _json_pieces(pages: _Pages, walk: Walk, options: PullOptions, into: Path) -> Iterator[Piece]:
    """Gather pages until a piece is full."""
    page = _first(pages, walk)
    held = _Held(walk.seen)
    while not secrecy_mark(page.text[:HEAD]):
        following = _counted(page, walk, options, pages.ask)
        held.add(page.records, pages.ask.optional)
        if held.count and (following is None or held.count >= options.piece_rows):
            yield held.piece(into, walk.cursor(following))
            held = _Held(walk.seen)
        if following is None:
            return
        walk.at = dict(following)
        page = pages.page(walk)
    yield from _marked(held, page, walk, into)


def _first(pages: _Pages, walk: Walk) -> Page:
    """Return the page to go on with: the very first where the source changed since the cut."""
    page = pages.page(walk)
    if not _has_changed(walk, page):
        return page
    walk.restart()
    pages.forget()
    return pages.page(walk)


def _counted(page: Page, walk: Walk, options: PullOptions, ask: Ask) -> Cursor | None:
    """Note what a page brought; return where the next begins. The last one must add up."""
    walk.total = page.total if page.total is not None else walk.total
    walk.seen += len(page.records)
    _note_high(walk, page.records, options)
    following = None if _is_all(walk, ask) else page.following
    if following is None:
        _reconcile(walk, options)
    return following


@dataclass(slots=True)
class _Held:
    """Pages that wait for their piece to be full."""

    first: int
    count: int = 0
    texts: list[str] = field(default_factory=list)

    def add(self, records: Sequence[Any], optional: Sequence[str]) -> None:
        if records:
            filled = _filled(records, optional)
            self.texts.append(json.dumps(filled, ensure_ascii=False)[1:-1])
            self.count += len(records)

    def piece(self, into: Path, cursor: Cursor) -> Piece:
        path = into / "records.json"
        path.write_text(f"[{','.join(self.texts)}]", "utf-8")
        name = f"接口记录 {self.first + 1}–{self.first + self.count}.json"
        return Piece(path, cursor, rows=self.count, name=name, options=JSON_PIECE)


def _marked(held: _Held, page: Page, walk: Walk, into: Path) -> Iterator[Piece]:
    """Hand a marked page to the load path as it is: it sees the mark, and stores nothing of it."""
    if held.count:
        yield held.piece(into, walk.cursor(walk.at))
    path = into / "page.json"
    path.write_text(page.text, "utf-8")
    yield Piece(path, walk.cursor(walk.at), name="page.json", options=JSON_PIECE)


def _is_all(walk: Walk, ask: Ask) -> bool:
    return walk.total is not None and walk.seen >= walk.total and ask.paging in {"page", "offset"}


def _has_changed(walk: Walk, page: Page) -> bool:
    """A pull that was cut begins anew where the source has changed in between: places moved."""
    is_counted = walk.total is not None and page.total is not None
    return bool(walk.at) and is_counted and page.total != walk.total


def _filled(records: Sequence[Any], optional: Sequence[str]) -> Sequence[Any]:
    """Give fields that an interface leaves out when they are empty a place in the first record."""
    first = records[0]
    if optional and isinstance(first, dict):
        return [{**dict.fromkeys(optional), **first}, *records[1:]]
    return records


def _note_high(walk: Walk, records: Sequence[Any], options: PullOptions) -> None:
    column = options.time_column if options.mode is Mode.BY_TIME else ""
    column = column or (options.key[0] if options.mode is Mode.BY_KEY and options.key else "")
    if not column:
        return
    found = [r[column] for r in records if isinstance(r, dict) and r.get(column) is not None]
    try:
        high = max(found, default=None)
        if high is not None:
            walk.high = high if walk.high is None else max(walk.high, high)
    except TypeError:
        raise PullFailed("SINCE_MIXED", "增量列的值类型不一，无法比较先后。",
                         "请提供部门统一该列的写法。") from None  # fmt: skip


def _reconcile(walk: Walk, options: PullOptions) -> None:
    if walk.total is not None and walk.seen != walk.total and options.mode is Mode.FULL:
        raise PullFailed(
            "COUNT_DIFFERS", f"接口称共 {walk.total} 条，实取 {walk.seen} 条。",
            "平台稍后会重新抽取；仍不一致时请提供部门核对接口。", again=True,
            source=walk.total, received=walk.seen,
        )  # fmt: skip


def _csv_pieces(pages: _Pages, walk: Walk, options: PullOptions, into: Path) -> Iterator[Piece]:
    del options
    number = 0
    while True:
        page = pages.page(walk)
        walk.seen += len(page.records)
        number += 1
        if page.records:
            path = into / f"page-{number}.csv"
            path.write_bytes(page.text.encode("latin-1"))
            yield Piece(path, walk.cursor(page.following), name=path.name, is_file=True)
        if page.following is None:
            return
        walk.at = dict(page.following)
