"""The index mends itself: lost, broken, foreign, old, behind, and killed at any point."""

import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import tantivy

from tests.adapters.search.feeds import MixedFeed, PaperFeed, word
from tongqu.adapters.search import index as module
from tongqu.adapters.search import layout
from tongqu.adapters.search.index import TantivyIndex
from tongqu.adapters.search.shelf import Folder
from tongqu.kernel.problems import Unavailable

BUILDING = ["before the documents", "between the documents", "before the swap", "after the swap"]
WRITING = ["before the commit", "after the commit"]


@pytest.fixture
def feed(tmp_path: Path) -> PaperFeed:
    made = PaperFeed(tmp_path / "feed.json")
    for n in range(1, 6):
        made.write(n, "old")
    return made


def opened(feed: PaperFeed, **options) -> TantivyIndex:
    return TantivyIndex(Folder(feed.path.parent / "index"), feed, **options)


def put(path: Path, content: bytes) -> None:
    """Put a file in the place of another. To shorten one that a thread of an index opened before
    still has in its memory ends this process with a bus error."""
    beside = path.with_name(f"{path.name}.beside")
    beside.write_bytes(content)
    beside.replace(path)


def agrees(index: TantivyIndex, feed: PaperFeed) -> bool:
    """Compare everything the index says with the paper."""
    names = feed._read()[0]
    for text in {*names.values(), "new", "ninth"}:
        expected = {int(key) for key, name in names.items() if name == text}
        answer = index.find(word(text))
        if set(answer.version_ids) != expected or answer.total != len(expected):
            return False
        if answer.is_behind or answer.sequence != feed.head().sequence:
            return False
        if answer.counts != {"level": {"1": len(expected)} if expected else {}}:
            return False
    return True


def test_an_answer_stands_for_the_newest_change(feed) -> None:
    index = opened(feed)
    assert agrees(index, feed)

    feed.write(2, "new")
    feed.write(7, "new")

    assert agrees(index, feed)
    assert index.find(word("new")).sequence == 7


def test_two_processes_see_each_others_work(feed) -> None:
    one, other = opened(feed), opened(feed)
    assert agrees(one, feed)
    assert agrees(other, feed)

    feed.write(3, "new")
    assert agrees(one, feed)
    assert agrees(other, feed)
    one.rebuild()
    feed.write(4, "new")

    assert agrees(other, feed)
    assert agrees(one, feed)


@pytest.mark.parametrize("point", BUILDING)
def test_a_process_killed_while_building_leaves_a_right_answer(feed, point: str) -> None:
    _die(feed, point)

    assert agrees(opened(feed), feed)
    assert len(list((feed.path.parent / "index").glob("g-*"))) <= 2


@pytest.mark.parametrize("point", WRITING)
def test_a_process_killed_between_database_and_index_leaves_a_right_answer(feed, point) -> None:
    survivor = opened(feed)
    assert agrees(survivor, feed)

    _die(feed, point)

    assert feed.head().sequence == 7
    assert agrees(survivor, feed)
    assert agrees(opened(feed), feed)


def _die(feed: PaperFeed, point: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.adapters.search.dying", str(feed.path.parent), point],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == -9, done.stderr


def test_what_dead_builders_left_is_swept(feed) -> None:
    for _ in range(2):
        _die(feed, "between the documents")

    opened(feed).rebuild()

    assert len(list((feed.path.parent / "index").glob("g-*"))) == 1


def test_an_index_deleted_while_in_use_is_built_again(feed) -> None:
    index = opened(feed)
    assert agrees(index, feed)

    shutil.rmtree(feed.path.parent / "index")
    feed.write(2, "new")

    assert agrees(index, feed)


@pytest.mark.parametrize("kind", ["idx", "term", "fast", "pos", "store", "fieldnorm"])
def test_one_wrong_byte_in_a_file_is_seen_at_the_start(feed, kind: str) -> None:
    assert agrees(opened(feed), feed)
    file = max((feed.path.parent / "index").rglob(f"*.{kind}"), key=lambda p: p.stat().st_size)
    content = bytearray(file.read_bytes())
    content[len(content) // 4] ^= 0xFF
    put(file, bytes(content))

    assert agrees(opened(feed), feed)


@pytest.mark.parametrize("harm", ["current", "meta.json", "truncated", "one file gone"])
def test_a_damaged_folder_is_built_again(feed, harm: str) -> None:
    assert agrees(opened(feed), feed)
    root = feed.path.parent / "index"
    folder = root / (root / "current").read_text()
    if harm == "current":
        (root / "current").write_text("g-none")
    elif harm == "meta.json":
        (folder / "meta.json").write_text("{}")
    else:
        file = next(folder.glob("*.term"))
        put(file, file.read_bytes()[:40]) if harm == "truncated" else file.unlink()

    assert agrees(opened(feed), feed)


def test_an_index_of_an_older_edition_is_built_again(feed, monkeypatch) -> None:
    assert agrees(opened(feed), feed)

    monkeypatch.setattr(layout, "EDITION", "another")
    built: list[str] = []
    index = opened(feed, step=built.append)

    assert agrees(index, feed)
    assert "before the swap" in built


def test_an_index_with_the_fields_of_an_older_form_is_built_again(feed) -> None:
    """One whose mark keeps its edition as a text, with no order of the documents."""
    builder = tantivy.SchemaBuilder().add_unsigned_field("sequence", stored=True)
    for name in ("mark", "token", "title"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    fields = builder.build()
    folder = feed.path.parent / "index" / "g-old"
    folder.mkdir(parents=True)
    writer = tantivy.Index(fields, path=str(folder)).writer(heap_size=module.HEAP, num_threads=1)
    row = {"mark": "position", "sequence": 5, "token": "t4", "title": "2.1"}
    writer.add_document(tantivy.Document.from_dict(row, fields))
    writer.commit()
    writer.wait_merging_threads()
    (folder.parent / "current").write_text("g-old")

    index = opened(feed)

    assert agrees(index, feed)
    assert not folder.exists()


def test_a_draft_is_found_by_those_alone_who_may_and_is_counted_with_what_they_see(
    tmp_path,
) -> None:
    feed = MixedFeed(tmp_path / "feed.json")
    for n in range(1, 41):
        feed.write(n, "same")
    index = opened(feed)

    found = {
        who: index.find(replace(word("same"), closed_to=who, facets=("level", "strategy")))
        for who in (None, "drafts", "org:7", "org:8")
    }

    assert {who: answer.total for who, answer in found.items()} == {
        None: 30, "drafts": 40, "org:7": 40, "org:8": 30,
    }  # fmt: skip
    for answer in found.values():
        closed = answer.total - 30
        assert len(answer.version_ids) == answer.total
        assert sum(entry % 4 == 0 for entry in answer.version_ids) == closed
        assert answer.counts["level"] == {"1": 20, "2": 10 + closed}
        assert answer.counts["strategy"] == {"a": 30, "b": 10 + closed}


def test_a_database_put_back_to_a_copy_is_noticed(feed) -> None:
    index = opened(feed)
    assert agrees(index, feed)

    feed.restore()
    names, log = feed._read()
    names["5"] = "new"  # without a change in the log: only a new build can know
    feed._keep(names, log)

    assert agrees(index, feed)


def test_a_node_far_behind_applies_a_part_and_says_so(feed, monkeypatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 10)
    index = opened(feed)
    assert agrees(index, feed)
    for n in range(100, 125):
        feed.write(n, "new")

    first, second = index.find(word("new")), index.find(word("new"))
    index.catch_up()

    assert (first.total, first.is_behind, first.sequence) == (10, True, 15)
    assert (second.total, second.is_behind, second.sequence) == (20, True, 25)
    assert agrees(index, feed)


def test_who_cannot_write_answers_and_says_it_is_behind(feed, monkeypatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.05)
    index = opened(feed)
    assert agrees(index, feed)
    feed.write(2, "new")

    with index.shelf.locked(1):
        answer = index.find(word("new"))

    assert (answer.total, answer.is_behind, answer.sequence) == (0, True, 5)
    assert agrees(index, feed)


def test_a_large_index_is_built_beside_while_the_database_answers(feed, monkeypatch) -> None:
    monkeypatch.setattr(module, "SMALL", 2)
    ended: list[bool] = []
    index = opened(feed, finished=lambda: ended.append(True))

    with pytest.raises(Unavailable):
        index.find(word("old"))
    until = time.monotonic() + 20
    while not ended and time.monotonic() < until:
        time.sleep(0.02)

    assert agrees(index, feed)


def test_what_is_open_in_a_transaction_is_not_indexed(feed, monkeypatch) -> None:
    index = opened(feed)
    assert agrees(index, feed)
    monkeypatch.setattr(feed, "is_safe", lambda: False)
    feed.write(2, "new")

    answer = index.find(word("new"))

    assert (answer.total, answer.is_behind) == (0, True)
