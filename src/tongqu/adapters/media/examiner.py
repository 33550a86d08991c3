"""What a file is by its own bytes; a name that says otherwise is a lie and is refused."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from tongqu.adapters.media import ifc, models, pdf, pictures, video
from tongqu.adapters.media.reading import broken
from tongqu.assets.ports import Unfit
from tongqu.assets.vocabulary import SUFFIXES, Examined, MediaKind

HEAD = 64 << 10
# R14 and later: the six first bytes of a drawing name its release.
DWG = {
    b"AC1014": "R14", b"AC1015": "2000", b"AC1018": "2004", b"AC1021": "2007",
    b"AC1024": "2010", b"AC1027": "2013", b"AC1032": "2018",
}  # fmt: skip
MIMES = {
    MediaKind.IFC: "application/x-step", MediaKind.DWG: "image/vnd.dwg",
    MediaKind.JPEG: "image/jpeg", MediaKind.PNG: "image/png", MediaKind.MP4: "video/mp4",
    MediaKind.PDF: "application/pdf", MediaKind.GLTF: "model/gltf+json",
    MediaKind.GLB: "model/gltf-binary", MediaKind.TILES: "application/zip",
}  # fmt: skip


class FileExaminer:
    """Tells a file by its first bytes, then lets the reader of that kind speak."""

    def examine(self, path: Path, *, name: str) -> Examined:
        with path.open("rb") as file:
            head = file.read(HEAD)
        if not head:
            raise Unfit("EMPTY_FILE", "文件是空的。", "请核对后重新上传。")
        kind = kind_of(head)
        if kind is None:
            raise Unfit("NOT_ACCEPTED", "不接收这种文件。",
                        "可上传 IFC、DWG、JPG、PNG、MP4、PDF、glTF、3D Tiles。")  # fmt: skip
        _check_name(name, kind)
        found = _READERS[kind](path, head)
        # Marks may stand in the name, at the head of the raw bytes, or where the reader looked.
        texts = (name, Path(name).stem, *found.texts)
        return Examined(kind, found.mime, found.summary, found.facts, texts, found.preview)


_MAGIC = (
    (0, b"\xff\xd8\xff", MediaKind.JPEG),
    (0, b"\x89PNG\r\n\x1a\n", MediaKind.PNG),
    (0, b"%PDF-", MediaKind.PDF),
    (4, b"ftyp", MediaKind.MP4),
    (0, b"glTF", MediaKind.GLB),
    (0, b"PK\x03\x04", MediaKind.TILES),
    *((0, release, MediaKind.DWG) for release in DWG),
)


def kind_of(head: bytes) -> MediaKind | None:
    """Return the kind that the first bytes prove; None for anything not accepted."""
    for at, magic, kind in _MAGIC:
        if head[at : at + len(magic)] == magic:
            return kind
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"ISO-10303-21;"):
        return MediaKind.IFC
    return _json_kind(text) if text.startswith(b"{") else None


def _json_kind(text: bytes) -> MediaKind | None:
    """Tell a glTF from a tile set by the words that only one of them has."""
    if b'"asset"' not in text:
        return None
    if b'"geometricError"' in text:
        return MediaKind.TILES
    return MediaKind.GLTF if b'"version"' in text else None


def _check_name(name: str, kind: MediaKind) -> None:
    suffix = name.rpartition(".")[2].casefold() if "." in name else ""
    if suffix not in SUFFIXES[kind]:
        raise Unfit(
            "NOT_WHAT_IT_SAYS",
            f"文件内容是 {kind.label}，与文件名的后缀不符。",
            "请核对是否选错文件；改名不能改变文件类型。",
        )


def _ifc(path: Path, _head: bytes) -> Examined:
    found = ifc.read(path)
    top = "、".join(f"{name} {n}" for name, n in found.by_type.most_common(5))
    facts = {"schema": found.schema, "entities": found.entities, "elements": found.elements,
             "by_type": dict(found.by_type.most_common(50))}  # fmt: skip
    words = f"{found.schema}，构件 {found.elements} 个" + (f"：{top}" if top else "")
    return _said(MediaKind.IFC, words, facts, (found.header,))


def _dwg(path: Path, head: bytes) -> Examined:
    release = DWG[head[:6]]
    if path.stat().st_size < 128:
        raise broken("DWG")
    facts = {"release": release, "signature": head[:6].decode("ascii")}
    with path.open("rb") as file:  # properties lie anywhere in the first part, in UTF-16 mostly
        raw = file.read(4 << 20)
    texts = tuple(raw.decode(code, "ignore") for code in ("utf-16-le", "utf-8", "gb18030"))
    return _said(MediaKind.DWG, f"AutoCAD {release} 格式图纸", facts, texts)


def _picture(kind: MediaKind, form: str) -> Callable[[Path, bytes], Examined]:
    def read(path: Path, _head: bytes) -> Examined:
        found = pictures.read(path, form)
        facts = {"width": found.width, "height": found.height}
        words = f"{found.width} × {found.height} 像素"
        return _said(kind, words, facts, (found.text,), found.preview)

    return read


def _mp4(path: Path, _head: bytes) -> Examined:
    found = video.read(path)
    minutes, seconds = divmod(round(found.seconds), 60)
    codecs = "、".join(found.codecs) or "未知编码"
    words = f"{minutes} 分 {seconds} 秒，{found.width} × {found.height}，{codecs}"
    facts = {"seconds": round(found.seconds, 3), "width": found.width, "height": found.height,
             "codecs": found.codecs}  # fmt: skip
    return _said(MediaKind.MP4, words, facts, (found.text,))


def _pdf(path: Path, head: bytes) -> Examined:
    found = pdf.read(path)
    title = f"《{found.title}》" if found.title else ""
    texts = (found.text, head.decode("utf-8", "ignore"))
    return _said(MediaKind.PDF, f"{found.pages} 页{title}", {"pages": found.pages}, texts,
                 found.preview)  # fmt: skip


def _model(
    kind: MediaKind, read: Callable[[Path], models.ModelFacts]
) -> Callable[[Path, bytes], Examined]:
    def reader(path: Path, _head: bytes) -> Examined:
        found = read(path)
        facts = {"version": found.version, "elements": found.elements}
        words = f"{kind.label} {found.version}，构件 {found.elements} 个"
        return _said(kind, words, facts, (found.text,))

    return reader


def _tiles(path: Path, head: bytes) -> Examined:
    is_archive = head.startswith(b"PK")
    found = (models.read_archive if is_archive else models.read_tiles)(path)
    facts = {"version": found.version, "elements": found.elements}
    words = f"3D Tiles {found.version}，瓦片 {found.elements} 个"
    said = _said(MediaKind.TILES, words, facts, (found.text,))
    if is_archive:
        return said
    return Examined(said.kind, "application/json", said.summary, said.facts, said.texts)


def _said(kind: MediaKind, summary: str, facts: Mapping[str, object], texts: tuple[str, ...],
          preview: bytes = b"") -> Examined:  # fmt: skip
    kept = json.loads(json.dumps(facts, ensure_ascii=False))  # a page and the database show it
    return Examined(kind, MIMES[kind], summary[:500], kept, texts, preview)


_READERS: dict[MediaKind, Callable[[Path, bytes], Examined]] = {
    MediaKind.IFC: _ifc,
    MediaKind.DWG: _dwg,
    MediaKind.JPEG: _picture(MediaKind.JPEG, "JPEG"),
    MediaKind.PNG: _picture(MediaKind.PNG, "PNG"),
    MediaKind.MP4: _mp4,
    MediaKind.PDF: _pdf,
    MediaKind.GLTF: _model(MediaKind.GLTF, models.read_gltf),
    MediaKind.GLB: _model(MediaKind.GLB, models.read_glb),
    MediaKind.TILES: _tiles,
}
