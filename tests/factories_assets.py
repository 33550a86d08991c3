"""Files, keys and sources that the tests of devices and media are made of."""

import base64
import hashlib
import io
import json
import struct
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import World
from tongqu.catalog.vocabulary import DataType, EntryView
from tongqu.ingest import public as ingest
from tongqu.ingest.vocabulary import ColumnSpec

API = "/api/v1/assets"
COLUMNS = (
    ColumnSpec("device"),
    ColumnSpec("sequence", DataType.INTEGER),
    ColumnSpec("collected_at"),
    ColumnSpec("strain", DataType.DECIMAL),
    ColumnSpec("marks"),
)


def post(client: Any, path: str, body: dict[str, Any], **more: Any) -> Any:
    return client.post(f"{API}{path}", json.dumps(body), content_type="application/json", **more)


def put(client: Any, path: str, body: dict[str, Any]) -> Any:
    return client.put(f"{API}{path}", json.dumps(body), content_type="application/json")


def sensor_source(world: World, code: str = "sensors", entry: EntryView | None = None) -> str:
    """Register a source for device messages, tied to an entry, and return its code."""
    ingest.register_source(
        code=code, name="示例桥梁监测", provider_id=world.organisations["990000-MH"].pk,
        by=world.actor("cataloguer"), columns=COLUMNS, cycle="realtime",
        entry_code=entry.code if entry else "",
    )  # fmt: skip
    return code


def device_body(code: str, **given: Any) -> dict[str, Any]:
    return {"code": code, "name": f"示例应变计 {code}", "kind": "应变计", "source_code": "sensors",
            "period_seconds": 60, **given}  # fmt: skip


def signed(body: dict[str, Any], sign: Any) -> dict[str, Any]:
    """Return an envelope with the signature of its four lines."""
    lines = (body["device"], str(body["sequence"]), body["collected_at"], body["payload"])
    return {**body, "signature": base64.b64encode(sign("\n".join(lines).encode())).decode()}


def upload_of(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def ifc(beams: int = 3, plates: int = 2, schema: str = "IFC4", title: str = "demo") -> bytes:
    """Return a small but whole bridge; texts hold semicolons and comments to fall over."""
    head = f"""ISO-10303-21;
HEADER;
FILE_DESCRIPTION(('ViewDefinition [ReferenceView]; {title}'),'2;1');
FILE_NAME('bridge.ifc','2026-01-01T00:00:00',('x'),('y'),'a','b','');
FILE_SCHEMA(('{schema}'));
ENDSEC;
DATA;
#1=IFCPROJECT('0',$,'it''s; a #99=IFCBEAM( trap',$,$,$,$,(#2),#3); /* #98=IFCBEAM(; */
#2=IFCBRIDGE('1',$,'bridge',$,$,$,$,$,.ELEMENT.,$);
#3=IFCOPENINGELEMENT('2',$,$,$,$,$,$,$,$);
"""
    rows = [f"#{10 + n}=IFCBEAM('b{n}',$,'B;{n}',$,$,$,$,$,$);" for n in range(beams)]
    rows += [f"#{5000 + n} = IFCPLATE ( 'p{n}',$,$,$,$,$,$,$,$ ) ;" for n in range(plates)]
    return (head + "\n".join(rows) + "\nENDSEC;\nEND-ISO-10303-21;\n").encode()


def dwg(release: bytes = b"AC1032") -> bytes:
    return release + bytes(6) + b"\x00" * 500


def jpeg(size: tuple[int, int] = (640, 480), description: str = "") -> bytes:
    from PIL import Image

    image, exif = Image.new("RGB", size, (40, 110, 90)), Image.Exif()
    if description:
        exif[0x010E] = description.encode()
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def png_bomb(side: int = 30_000) -> bytes:
    """Return a PNG of a few kilobytes that would unpack to gigabytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
            + chunk(b"IDAT", zlib.compress(bytes(1 << 20))) + chunk(b"IEND", b""))  # fmt: skip


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


def mp4(seconds: int = 75, text: str = "") -> bytes:
    """Return a film of so many seconds in H.264, 1920 by 1080, without a single frame."""
    mvhd = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000) + bytes(80))
    tkhd = box(b"tkhd", bytes(76) + struct.pack(">II", 1920 << 16, 1080 << 16))
    stsd = box(b"stsd", struct.pack(">II", 0, 1) + struct.pack(">I", 16) + b"avc1" + bytes(8))
    trak = box(b"trak", tkhd + box(b"mdia", box(b"minf", box(b"stbl", stsd))))
    udta = box(b"udta", text.encode())
    return box(b"ftyp", b"isom" + bytes(8)) + box(b"moov", mvhd + trak + udta) + box(b"mdat", b"")


def pdf(text: str = "Bridge report") -> bytes:
    """Return a page with text, set by the printer that the hub itself uses."""
    import typst

    return bytes(typst.compile(f"#set page(width: 300pt, height: 200pt)\n{text}".encode()))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
