"""Files and gateways that attack who reads them: nesting, bombs, torn archives, endless frames."""

import io
import json
import socket
import struct
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.adapters.sources.http_server import Reply, running
from tongqu.adapters.media import relay
from tongqu.adapters.media.examiner import FileExaminer
from tongqu.adapters.media.relay import FrameRelay
from tongqu.assets.ports import Unfit
from tongqu.kernel.problems import Unavailable


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def nested(depth: int) -> bytes:
    found = b""
    for _ in range(depth):
        found = box(b"trak", found)
    return box(b"ftyp", b"isom\0\0\0\0") + box(b"moov", found)


def archive(method: int) -> bytes:
    """Return a tile set whose packed bytes are torn in the middle."""
    out = io.BytesIO()
    text = json.dumps({"asset": {"version": "1.0"}, "geometricError": 1, "root": {}})
    with zipfile.ZipFile(out, "w", method) as packed:
        packed.writestr("tileset.json", text * 50)
    found = bytearray(out.getvalue())
    start = found.index(b"tileset.json") + 12
    found[start + 4 : start + 24] = bytes(255 - value for value in found[start + 4 : start + 24])
    return bytes(found)


TREE = {"asset": {"version": "1.0"}, "geometricError": 1, "root": {"children": True}}
CASES = [
    ("a.mp4", nested(2000)),
    ("a.mp4", nested(60)),
    ("a.zip", archive(zipfile.ZIP_DEFLATED)),
    ("a.zip", archive(zipfile.ZIP_BZIP2)),
    ("a.zip", archive(zipfile.ZIP_LZMA)),
]


@pytest.mark.parametrize(("name", "content"), CASES)
def test_a_file_that_attacks_is_refused_in_words(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)

    with pytest.raises(Unfit) as refused:
        FileExaminer().examine(tmp_path / "file", name=name)

    assert refused.value.code == "FILE_BROKEN"


def test_children_that_are_none_are_no_tiles(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(json.dumps(TREE))
    assert FileExaminer().examine(tmp_path / "file", name="a.json").facts["elements"] == 0


HEAD = b"ISO-10303-21;\nHEADER;\nFILE_NAME('"
TAIL = (
    b"','','','','','','');FILE_SCHEMA(('IFC4'));ENDSEC;DATA;#1=IFCWALL('it''s; /* no',$);"
    b"/* ' ; */#2=IFCBEAM('');ENDSEC;END-ISO-10303-21;\n"
)


def test_a_text_that_never_closes_costs_time_by_its_length(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(HEAD + b"a;''" * (1 << 20))
    started = time.process_time()

    with pytest.raises(Unfit):
        FileExaminer().examine(tmp_path / "file", name="a.ifc")

    assert time.process_time() - started < 4, "it took 9 seconds and 460 MB"


@pytest.mark.parametrize("shift", range(-6, 7))
def test_a_statement_is_read_over_the_edge_of_a_chunk(tmp_path: Path, shift: int) -> None:
    filler = b"x" * ((1 << 20) - len(HEAD) - TAIL.index(b"it''s") - 3 + shift)
    (tmp_path / "file").write_bytes(HEAD + filler + TAIL)

    found = FileExaminer().examine(tmp_path / "file", name="a.ifc")

    assert found.facts["by_type"] == {"IFCWALL": 1, "IFCBEAM": 1}


def picture(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def test_a_frame_that_unfolds_to_gigabytes_is_none(tmp_path: Path) -> None:
    for size in ((9000, 9000), (30_000, 9000)):
        with running() as site:
            content = picture(*size)
            site.answer = lambda asked, body=content: Reply(body=body)
            with pytest.raises(Unavailable):
                FrameRelay(("127.0.0.1",)).picture(site.address, watermark="示例")


@pytest.fixture
def dripping() -> Iterator[int]:
    """Give a byte now and then, for ever."""
    listener, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def serve() -> None:
        caller, _ = listener.accept()
        with caller:
            caller.recv(4096)
            caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
            while not over.wait(0.05):
                try:
                    caller.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    over.set()
    thread.join(5)
    listener.close()


@pytest.mark.timeout(20)
def test_a_gateway_that_drips_holds_no_worker(
    dripping: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "LONGEST", 0.5)
    with pytest.raises(Unavailable):
        FrameRelay(("127.0.0.1",)).picture(f"http://127.0.0.1:{dripping}/", watermark="示例")


def test_an_address_that_is_none_is_not_accepted() -> None:
    found = FrameRelay(("127.0.0.1",))
    for address in ("http://127.0.0.1:99999/", "http://[127.0.0.1/", "ftp://127.0.0.1/", "file:"):
        assert found.accepts(address) is False
