"""PDF: pages, the first page's text, its picture."""

import io
from dataclasses import dataclass
from pathlib import Path

from tongqu.adapters.media.pictures import PREVIEW
from tongqu.adapters.media.reading import broken

MOST_TEXT = 64 << 10
MOST_POINTS = 14_400  # of a page's side: the format's own limit


@dataclass(frozen=True, slots=True)
class PdfFacts:
    pages: int
    title: str
    text: str  # metadata and the first page
    preview: bytes


def read(path: Path) -> PdfFacts:
    """Return what the document says of itself. Raises ``Unfit``, also for an encrypted one."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise broken("PDF") from error
    try:
        if len(document) == 0:
            raise broken("PDF")
        facts = document.get_metadata_dict()
        page = document[0]
        text = page.get_textpage().get_text_range()
        said = "\n".join([*map(str, facts.values()), text])[:MOST_TEXT]
        return PdfFacts(len(document), str(facts.get("Title", ""))[:120], said, _preview(page))
    except pdfium.PdfiumError as error:
        raise broken("PDF") from error
    finally:
        document.close()


def _preview(page: object) -> bytes:
    width, height = page.get_size()  # type: ignore[attr-defined]  # pypdfium2 has no types
    if not (0 < width <= MOST_POINTS and 0 < height <= MOST_POINTS):
        return b""
    scale = min(PREVIEW[0] / width, PREVIEW[1] * 1.4 / height)
    image = page.render(scale=scale, may_draw_forms=False).to_pil()  # type: ignore[attr-defined]  # as above
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
