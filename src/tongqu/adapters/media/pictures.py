"""Pictures and pages: thumbnails, metadata as text, and a watermark burnt in."""

import io
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tongqu.adapters.media.reading import bomb, broken

MOST_PIXELS = 120_000_000  # an orthophoto of a bridge; 360 MB once unpacked
MOST_FRAME_PIXELS = 40_000_000  # of one camera's picture: twice what 8K has
PREVIEW = (480, 360)
MOST_TEXT = 64 << 10


@dataclass(frozen=True, slots=True)
class PictureFacts:
    width: int
    height: int
    text: str
    preview: bytes


def read(path: Path, form: str) -> PictureFacts:
    """Return size, metadata and a thumbnail. ``form``: JPEG or PNG, and nothing else is tried.

    Raises ``Unfit``: a bomb, or a file that does not decode.
    """
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=[form]) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise bomb()
                text = _text(image)
                size = image.size
                image.draft("RGB", (PREVIEW[0] * 2, PREVIEW[1] * 2))
                return PictureFacts(size[0], size[1], text, _preview(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise bomb() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, MemoryError) as error:
        raise broken(form) from error


def _preview(image: Any) -> bytes:
    """Return a JPEG without metadata: what stood in the original's does not travel on."""
    from PIL import ImageOps

    turned = ImageOps.exif_transpose(image).convert("RGB")
    turned.thumbnail(PREVIEW)
    out = io.BytesIO()
    turned.save(out, "JPEG", quality=80)
    return out.getvalue()


def _text(image: Any) -> str:
    """Return what EXIF, XMP, IPTC and text chunks say, for the search of marks."""
    parts = [str(value) for value in image.getexif().values()]
    for key, value in image.info.items():
        if isinstance(value, bytes):
            parts += [value[:MOST_TEXT].decode(code, "ignore") for code in ("utf-8", "gb18030")]
        elif isinstance(value, str):
            parts.append(f"{key}\n{value[:MOST_TEXT]}")
    return "\n".join(parts)[: MOST_TEXT * 4]


def marked(content: bytes, watermark: str) -> bytes:
    """Return a frame as JPEG with the text across it, many times: no corner can be cut off.

    Raises: ``OSError``, ``SyntaxError``, ``ValueError`` for what is no frame.
    """
    from PIL import Image, ImageDraw

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as frame:
            if frame.width * frame.height > MOST_FRAME_PIXELS:
                raise ValueError("the frame is too large")
            frame.thumbnail((1920, 1080))
            base = frame.convert("RGBA")
    except Image.DecompressionBombError as error:
        raise ValueError("the frame is too large") from error
    layer = Image.new("RGBA", (base.width * 2, base.height * 2), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    size = max(14, base.width // 40)
    font = _font(size)
    step = max(int(draw.textlength(watermark, font=font)) + size * 3, 1)
    for row, y in enumerate(range(0, layer.height, size * 5)):
        for x in range(-(row % 2) * step // 2, layer.width, step):
            draw.text((x, y), watermark, font=font, fill=(255, 255, 255, 110),
                      stroke_width=1, stroke_fill=(0, 0, 0, 90))  # fmt: skip
    turned = layer.rotate(24, expand=False)
    left, top = base.width // 2, base.height // 2
    base.alpha_composite(turned.crop((left, top, left + base.width, top + base.height)))
    out = io.BytesIO()
    base.convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


@lru_cache(maxsize=8)
def _font(size: int) -> Any:
    """Return a font that has Chinese characters. Raises: ``Rejected`` NO_FONT."""
    from PIL import ImageFont

    from tongqu.adapters.documents.fonts import NO_FONT, folders
    from tongqu.kernel.problems import Rejected

    places = [*map(Path, folders()), Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else ():
            if path.suffix.lower() in {".otf", ".ttc", ".ttf"} and _is_chinese(path.name):
                return ImageFont.truetype(str(path), size)
    raise Rejected(NO_FONT)


def _is_chinese(name: str) -> bool:
    words = ("CJK", "SansSC", "Sans-SC", "SourceHan", "wqy", "DroidSansFallback", "NotoSansHans")
    return any(word.casefold() in name.casefold() for word in words)
