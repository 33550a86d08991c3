"""The printer of receipts against the real typst, segno and pyHanko."""

import io
import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tongqu.adapters.documents import fonts, keys
from tongqu.adapters.documents.receipts import PdfReceipts
from tongqu.kernel.problems import Rejected

FACTS = {
    "title": "正式编目回执",
    "seal": "示例。",
    "回执编号": "HZ-2026-000001",
    "目录名称": "示例航班",
}
URL = "http://127.0.0.1:8000/receipts/HZ-2026-000001/"
EVIDENCE = json.dumps({"facts": {"number": "HZ-2026-000001"}}).encode()


@pytest.fixture
def printer(tmp_path: Path) -> PdfReceipts:
    return PdfReceipts(tmp_path / "keys")


def test_the_document_carries_its_facts_and_its_signature_holds(printer: PdfReceipts) -> None:
    document = printer.print(FACTS, url=URL, evidence=EVIDENCE)

    found = printer.inspect(document)

    assert found.facts == EVIDENCE
    assert found.faults == ()


def test_a_chinese_font_is_embedded(printer: PdfReceipts) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader

    document = printer.print(FACTS, url=URL, evidence=EVIDENCE)

    page = PdfFileReader(io.BytesIO(document)).root["/Pages"]["/Kids"][0]
    used = page["/Resources"]["/Font"]
    names = {str(used[key]["/BaseFont"]) for key in used}
    wanted = fonts.family().replace(" ", "")
    assert any(wanted[:8] in name for name in names), names


def test_a_file_signed_by_somebody_else_is_seen(printer: PdfReceipts, tmp_path: Path) -> None:
    other = PdfReceipts(tmp_path / "other")
    printer.print(FACTS, url=URL, evidence=EVIDENCE)

    found = printer.inspect(other.print(FACTS, url=URL, evidence=EVIDENCE))

    assert [place for place, _ in found.faults] == ["PDF 证书"]


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf + b"\n%more",
        lambda pdf: pdf[:-20],
        lambda pdf: pdf.replace(b"/Contents <30", b"/Contents <3a", 1),
        lambda _: b"%PDF-1.7 nothing",
        lambda _: b"",
    ],
    ids=["appended", "cut", "signature", "no document", "empty"],
)
def test_a_changed_file_never_passes(printer: PdfReceipts, change) -> None:
    document = printer.print(FACTS, url=URL, evidence=EVIDENCE)

    assert printer.inspect(change(document)).faults


def test_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    now = datetime(2026, 9, 24, tzinfo=UTC)
    key, certificate = keys.ensure(tmp_path, now=now)
    before = (key.read_bytes(), certificate.read_bytes())

    keys.ensure(tmp_path, now=now)

    assert (key.read_bytes(), certificate.read_bytes()) == before
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_without_a_chinese_font_nothing_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.family.cache_clear()
    monkeypatch.setattr(fonts, "FAMILIES", ("No Such Font",))

    with pytest.raises(Rejected) as refused:
        fonts.family()

    fonts.family.cache_clear()
    assert refused.value.problem.code == "NO_FONT"
