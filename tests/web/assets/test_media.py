"""文档与媒体: what is taken, what is refused, how it is found (ING-06, GEN-05)."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories_assets as files
from tests.factories_assets import API, upload_of
from tests.factories_catalog import published_entry
from tests.factories_delivery import grant
from tongqu.assets.models import Media, Withheld
from tongqu.audit.models import AuditEntry
from tongqu.catalog.vocabulary import SharingType
from tongqu.security.models import SecurityEvent


@pytest.fixture
def entry(world, at, shelf):
    return published_entry(world, name="示例赣江特大桥建设资料")


def send(client, entry, name: str, content: bytes):
    given = {"file": upload_of(name, content), "title": "示例文件", "domain": "planning",
             "entry_code": entry.code}  # fmt: skip
    return client.post(f"{API}/media", given)


def stored(shelf) -> int:
    return sum(path.is_file() for path in shelf.rglob("*"))


@pytest.mark.req("ING-06")
def test_an_ifc_a_dwg_a_jpg_and_an_mp4_are_told_summed_up_linked_and_found(
    browser_of, entry, shelf
) -> None:
    client = browser_of("cataloguer")
    given = (
        ("bridge.ifc", files.ifc(3, 2), "示例主桥模型", "planning", "ifc"),
        ("plan.dwg", files.dwg(), "示例总平面图", "maintenance", "dwg"),
        ("photo.JPG", files.jpeg(), "示例桥面照片", "transport", "jpeg"),
        ("drone.mp4", files.mp4(75), "示例巡检视频", "safety", "mp4"),
    )
    summaries = {}
    for name, content, title, domain, kind in given:
        page = client.post("/manage/media/new/", {
            "file": upload_of(name, content), "title": title, "domain": domain,
            "entry_code": entry.code,
        }, follow=True)  # fmt: skip
        row = Media.objects.get(title=title)
        assert (row.kind, row.sha256, row.size) == (kind, files.sha256(content), len(content))
        assert f'href="/catalog/{entry.code}/"' in page.content.decode()
        body = b"".join(client.get(f"/manage/media/{row.number}/file/").streaming_content)
        assert body == content
        summaries[kind] = row.summary
        for question in (title, f"{title[2:4]} 赣江"):
            found = client.get(f"{API}/media", {"q": question}).json()
            assert [one["number"] for one in found["media"]] == [row.number], question
        shown = client.get("/manage/media/", {"q": title}).content.decode()
        assert title in shown
        assert (f"/manage/media/{row.number}/preview/" in shown) == (kind == "jpeg")

    assert summaries == {
        "ifc": "IFC4，构件 5 个：IFCBEAM 3、IFCPLATE 2",
        "dwg": "AutoCAD 2018 格式图纸",
        "jpeg": "640 × 480 像素",
        "mp4": "1 分 15 秒，1920 × 1080，H.264",
    }
    photo = Media.objects.get(kind="jpeg")
    preview = b"".join(client.get(f"/manage/media/{photo.number}/preview/").streaming_content)
    assert preview.startswith(b"\xff\xd8\xff")
    assert all(
        t in client.get(f"/catalog/{entry.code}/").content.decode() for _, _, t, _, _ in given
    )
    enforcement = client.get("/manage/media/", {"domain": "enforcement"}).content.decode()
    assert "没有符合条件的文件" in enforcement


@pytest.mark.req("ING-06")
def test_the_catalogue_finds_an_entry_by_the_titles_of_its_files_where_all_may_see_them(
    browser_of, world, at, shelf
) -> None:
    client = browser_of("cataloguer")
    named = {}
    for kind, title, further in (
        ("unconditional", "示例白鹤梁水位照片", {}),
        ("conditional", "示例石钟山巡检影像", {"conditions": "限应急处置"}),
    ):
        named[title] = published_entry(world, name=f"{kind}资料", sharing_type=kind, **further)
        given = {"file": upload_of(f"{kind}.jpg", files.jpeg(description=kind)), "title": title,
                 "domain": "planning", "entry_code": named[title].code}  # fmt: skip
        assert client.post(f"{API}/media", given).status_code == 201

    def found(words: str) -> bool:
        entry = named[words]
        return f"/catalog/{entry.code}/" in client.get("/catalog/", {"q": words}).content.decode()

    assert found("示例白鹤梁水位照片")
    assert not found("示例石钟山巡检影像")  # a search answers everybody


MARKED = [
    ("pdf-first-page", "report.pdf", lambda: files.pdf("机密★10年\n\n示例会议纪要")),
    ("name", "（秘密★5年）方案.jpg", files.jpeg),
    ("exif", "photo.jpg", lambda: files.jpeg(description="密级：绝密")),
    ("ifc-header", "bridge.ifc", lambda: files.ifc(title=r"\X2\5BC67EA7\X0\:\X2\673A5BC6\X0\ ")),
    ("dwg-property", "plan.dwg", lambda: files.dwg() + "密级：秘密".encode("utf-16-le")),
    ("mp4-metadata", "film.mp4", lambda: files.mp4(text="密级：机密")),
    ("broken-but-marked", "x.pdf", lambda: b"%PDF-1.7\n" + "机密★10年\n".encode()),
]


@pytest.mark.req("GEN-05")
@pytest.mark.parametrize("case", [row[1:] for row in MARKED], ids=[row[0] for row in MARKED])
def test_a_marked_document_is_quarantined_and_no_byte_reaches_the_store(
    browser_of, entry, shelf, settings, case
) -> None:
    name, content = case[0], case[1]()

    answer = send(browser_of("cataloguer"), entry, name, content)

    assert (answer.status_code, answer.json()["code"]) == (422, "SECRECY_MARK")
    assert stored(shelf) == 0
    assert not Media.objects.exists()
    assert [p for p in settings.LANDING.rglob("*") if p.is_file()] == []
    (row,) = Withheld.objects.all()
    assert (row.sha256, row.size) == (files.sha256(content), len(content))
    (event,) = SecurityEvent.objects.all()
    assert (event.kind, event.details["sha256"]) == ("secrecy_mark", row.sha256)
    assert name not in str(event.details)


def _archive(names: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in names.items():
            archive.writestr(name, body)
    return out.getvalue()


TILESET = (
    b'{"asset":{"version":"1.1"},"geometricError":1,'
    b'"root":{"content":{},"children":[{"content":{}}]}}'
)
BOMB = {"tileset.json": TILESET, "b": bytes(90 << 20)}
SLIP = {"tileset.json": TILESET, "../../x": b"1"}
DEEP = b'{"asset":{"version":"2.0"},"a":' + b"[" * 100_000
LYING = b"\xff\xff\xff\xffmoov"
REFUSED = [
    ("html-as-jpg", "a.jpg", lambda: b"<html><script>alert(1)</script>", "NOT_ACCEPTED"),
    ("svg-as-png", "a.png", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "NOT_ACCEPTED"),
    ("exe", "a.exe", lambda: b"MZ" + bytes(500), "NOT_ACCEPTED"),
    ("jpg-called-pdf", "a.pdf", files.jpeg, "NOT_WHAT_IT_SAYS"),
    ("no-suffix", "file", files.jpeg, "NOT_WHAT_IT_SAYS"),
    ("pixel-bomb", "a.png", files.png_bomb, "DECOMPRESSION_BOMB"),
    ("zip-bomb", "a.zip", lambda: _archive(BOMB),
     "DECOMPRESSION_BOMB"),
    ("zip-slip", "a.zip", lambda: _archive(SLIP), "FILE_BROKEN"),
    ("zip-of-others", "a.zip", lambda: _archive({"a.txt": b"1"}), "FILE_BROKEN"),
    ("cut-jpg", "a.jpg", lambda: files.jpeg()[:300], "FILE_BROKEN"),
    ("cut-ifc", "a.ifc", lambda: files.ifc()[:-30], "FILE_BROKEN"),
    ("endless-ifc-text", "a.ifc", lambda: b"ISO-10303-21;HEADER;#1='" + b"x" * 999, "FILE_BROKEN"),
    ("mp4-box-beyond", "a.mp4", lambda: files.mp4()[:-60], "FILE_BROKEN"),
    ("mp4-nested-lies", "a.mp4", lambda: files.box(b"ftyp", b"isom") + LYING,
     "FILE_BROKEN"),
    ("deep-json", "a.gltf", lambda: DEEP, "FILE_BROKEN"),
    ("not-a-pdf", "a.pdf", lambda: b"%PDF-1.7\nnothing", "FILE_BROKEN"),
    ("empty", "a.pdf", lambda: b"", "EMPTY_FILE"),
]  # fmt: skip


@pytest.mark.parametrize("case", [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_lie_or_a_bomb_is_refused_and_leaves_nothing(
    browser_of, entry, shelf, settings, case
) -> None:
    name, make, code = case

    answer = send(browser_of("cataloguer"), entry, name, make())

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert stored(shelf) == 0
    assert not Media.objects.exists()
    assert [p for p in settings.LANDING.rglob("*") if p.is_file()] == []


def test_the_same_file_twice_is_stored_once(browser_of, entry, shelf, world) -> None:
    client = browser_of("cataloguer")
    other = published_entry(world, name="示例另一目录")

    first = send(client, entry, "a.dwg", files.dwg()).json()["number"]
    again = send(client, entry, "b.dwg", files.dwg()).json()["number"]
    elsewhere = send(client, other, "a.dwg", files.dwg()).json()["number"]

    assert first == again != elsewhere
    assert stored(shelf) == 1


@pytest.mark.parametrize("name", ["../../etc/x.dwg", "..\\..\\x.dwg", "/abs/x.dwg", "a\u202eb.dwg"])
def test_a_name_is_never_a_path(browser_of, entry, shelf, name: str) -> None:
    client = browser_of("cataloguer")

    made = send(client, entry, name, files.dwg()).json()

    assert not {"/", "\\", "\u202e"} & set(made["file_name"])
    answer = client.get(f"{API}/media/{made['number']}/content")
    answer.close()
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_follows_the_sharing_of_its_entry(browser_of, world, at, shelf) -> None:
    free = published_entry(world, name="示例公开图")
    bound = published_entry(world, name="示例限用图", sharing_type="conditional", conditions="示例")
    provider, consumer = browser_of("cataloguer"), browser_of("consumer")
    open_one = send(provider, free, "a.dwg", files.dwg()).json()["number"]
    closed = send(provider, bound, "a.dwg", files.dwg()).json()["number"]

    seen = [row["number"] for row in consumer.get(f"{API}/media").json()["media"]]
    assert seen == [open_one]
    for path in ("", "/content"):
        assert consumer.get(f"{API}/media/{closed}{path}").status_code == 404
    assert consumer.get(f"/manage/media/{closed}/preview/").status_code == 404
    assert send(consumer, free, "b.dwg", files.dwg(b"AC1027")).status_code == 403


def test_a_file_is_seen_under_a_grant_as_long_as_it_runs_and_the_record_names_the_grant(
    browser_of, world, at, shelf
) -> None:
    owner, consumer = browser_of("cataloguer"), browser_of("consumer")
    numbers = []
    for n in range(3):
        entry = published_entry(
            world,
            name=f"示例资料{n}",
            sharing_type=SharingType.CONDITIONAL,
            conditions="示例：限应急处置",
        )
        numbers.append(send(owner, entry, "photo.jpg", files.jpeg()).json()["number"])
    held = grant(world, entry, valid_until=date(2026, 12, 31))
    listed = f"{API}/media"

    with CaptureQueriesContext(connection) as seen:
        found = consumer.get(listed).json()["media"]

    assert [one["number"] for one in found] == [numbers[2]]
    assert len(seen) <= 20
    assert consumer.get(f"{API}/media/{numbers[0]}/content").status_code == 404
    answer = consumer.get(f"{API}/media/{numbers[2]}/content")
    assert b"".join(answer.streaming_content) == files.jpeg()
    assert AuditEntry.objects.latest("pk").grant == held.number
    at.instant += timedelta(days=120)  # nobody has marked it expired yet
    assert browser_of("consumer").get(listed).json()["media"] == []
