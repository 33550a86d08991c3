"""Markings of state secrecy are seen where documents carry them, and only there (GEN-05)."""

import io
import zipfile

import pytest

from tongqu.security.domain.secrecy import secrecy_mark

MARKED = [
    ("绝密★", "绝密"),
    ("机密★10年", "机密"),
    ("机 密 ★ 长期\n关于……的通知", "机密"),
    ("密级：秘密", "秘密"),
    ("密 级: 【机密】", "机密"),
    ("文件密级,机密\n编号,名称\n1,甲", "机密"),
    ("秘密\n\n关于印发的通知", "秘密"),
    ("机密 20年\n正文", "机密"),
    ('"绝密"\n编号,名称', "绝密"),
    ("编号,名称,密级\n1,甲,公开\n2,乙,机密\n", "机密"),
    ("# 保密等级：绝密级", "绝密"),
]
PLAIN = [
    "编号,名称\n1,甲\n",
    "本目录不得含有绝密、机密、秘密级国家秘密信息。",
    "涉及商业秘密的，按规定办理。",
    "密级：非密",
    "密级：内部",
    "密级：公开\n正文说到秘密一词",
    "保守国家秘密法",
    "标题\n商业秘密\n",
    "编号,名称,密级\n1,秘密花园站,公开\n",
    "请选择密级：绝密/机密/秘密/公开",
    "",
]


@pytest.mark.parametrize(("text", "mark"), MARKED)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_marking_is_seen_in_each_encoding(text: str, mark: str, encoding: str) -> None:
    assert secrecy_mark(text.encode(encoding)) == mark
    assert secrecy_mark(text) == mark


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_the_words_in_a_sentence_are_no_marking(text: str, encoding: str) -> None:
    assert secrecy_mark(text.encode(encoding)) is None
    assert secrecy_mark(text) is None


def archive(parts: dict[str, str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
@pytest.mark.parametrize(
    "parts",
    [
        {"docProps/core.xml": "<cp:keywords>机密★5年</cp:keywords>"},
        {"other.bin": "x" * 5000, "word/document.xml":
         "<w:p><w:r><w:t>机</w:t></w:r><w:r><w:t>密★</w:t></w:r></w:p><w:p>正文</w:p>"},
        {"xl/sharedStrings.xml": "<si><t>密级：机密</t></si>"},
    ],
    ids=["properties", "document", "sheet"],
)  # fmt: skip
def test_an_office_file_is_read_inside(parts: dict[str, str], method: int) -> None:
    whole = archive(parts, method)

    assert secrecy_mark(whole) == "机密"
    assert secrecy_mark(whole[:-30]) == "机密"  # its directory at the end is not needed


def test_a_real_workbook_is_read() -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl writes the workbook")
    book = openpyxl.Workbook()
    book.active.append(["机密★"])
    file = io.BytesIO()
    book.save(file)

    assert secrecy_mark(file.getvalue()) == "机密"


def test_an_unmarked_or_broken_archive_says_nothing() -> None:
    whole = archive({"word/document.xml": "<w:p>普通正文</w:p>"})

    assert secrecy_mark(whole) is None
    for cut in range(0, len(whole), 7):
        assert secrecy_mark(whole[:cut]) is None


def test_an_archive_that_unpacks_to_very_much_does_no_harm() -> None:
    assert secrecy_mark(archive({"word/document.xml": "a" * 50_000_000})) is None


@pytest.mark.parametrize(
    "title",
    [
        b"(" + "机密★".encode("utf-16") + b")",
        b"(" + b"\xfe\xff" + "机密★".encode("utf-16-be") + b")",
        b"<FEFF" + "机密★".encode("utf-16-be").hex().encode() + b">",
        "<dc:title>机密★</dc:title>".encode(),
    ],
    ids=["utf-16-le", "utf-16-be", "hex", "xmp"],
)
def test_the_metadata_of_a_pdf_are_read(title: bytes) -> None:
    for shift in (b"", b" "):
        pdf = b"%PDF-1.7\n1 0 obj<</Title " + shift + title + b">>endobj\n\x00\x01"
        assert secrecy_mark(pdf) == "机密"


def test_random_bytes_are_no_marking() -> None:
    import random

    noise = random.Random(7)

    assert not any(secrecy_mark(noise.randbytes(20_000)) for _ in range(20))
