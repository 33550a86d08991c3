"""Receipts as PDF: typst sets the page, segno draws the QR, pyHanko signs the file."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tongqu.adapters.documents import fonts, keys
from tongqu.catalog.ports import PrintedReceipt
from tongqu.kernel import clock

_TEMPLATE = Path(__file__).with_name("receipt.typ")
_ATTACHED = "facts.json"
_FIELD = "TongquSignature"


class PdfReceipts:
    """The ``ReceiptPrinter`` of the platform. ``folder`` holds the signing key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def print(self, facts: Mapping[str, str], *, url: str, evidence: bytes) -> bytes:
        return self._sign(_set(facts, url=url, evidence=evidence))

    def _sign(self, document: bytes) -> bytes:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import signers

        key, certificate = keys.ensure(self.folder, now=clock.now())
        signer = signers.SimpleSigner.load(  # type: ignore[no-untyped-call]  # pyHanko's
            str(key), str(certificate)
        )
        if signer is None:
            raise RuntimeError("the document signing key cannot be read")
        meta = signers.PdfSignatureMetadata(field_name=_FIELD, md_algorithm="sha256")
        out: io.BytesIO = signers.sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(document)), meta, signer=signer
        )
        return out.getvalue()

    def inspect(self, document: bytes) -> PrintedReceipt:
        facts, fault = _attached(document)
        faults = [fault] if fault else []
        faults += _signature_faults(document, ours=keys.fingerprint(self.folder))
        return PrintedReceipt(facts, tuple(faults))


def _set(facts: Mapping[str, str], *, url: str, evidence: bytes) -> bytes:
    import segno
    import typst

    drawing = io.BytesIO()
    segno.make(url, error="m").save(drawing, kind="svg", scale=4, border=0, dark="#1d2b26")
    lines = [[label, text] for label, text in facts.items() if label not in {"title", "seal"}]
    inputs = {
        "title": facts["title"],
        "seal": facts["seal"],
        "number": facts["回执编号"],
        "lines": json.dumps(lines, ensure_ascii=False),
        "url": url,
        "qr": drawing.getvalue().decode(),
        "facts": evidence.decode(),
        "fonts": json.dumps([fonts.family()]),
    }
    return bytes(
        typst.compile(str(_TEMPLATE), font_paths=fonts.folders(), sys_inputs=inputs, format="pdf")
    )


def _attached(document: bytes) -> tuple[bytes, tuple[str, str] | None]:
    """Return the attached facts, and what is wrong with the attachment, if anything."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        root = PdfFileReader(io.BytesIO(document), strict=False).root
        names = root["/Names"]["/EmbeddedFiles"]
        return _find(names).data, None
    except Exception:  # a flipped byte may break the parser anywhere: that is the finding
        return b"", ("附件 facts.json", "读不出附在文件中的事实")


def _find(node: Any) -> Any:
    for kid in node.get("/Kids", ()):
        return _find(kid)
    pairs = list(node["/Names"])
    for name, specification in zip(pairs[::2], pairs[1::2], strict=True):
        if str(name) == _ATTACHED:
            return specification.get_object()["/EF"]["/F"]
    raise KeyError(_ATTACHED)


def _signature_faults(document: bytes, *, ours: str) -> list[tuple[str, str]]:
    place = "PDF 签名"
    try:
        return _checked(document, ours=ours)
    except Exception:  # see _attached: whatever breaks here was changed after signing
        return [(place, "签名读不出或文件结构被改动")]


def _checked(document: bytes, *, ours: str) -> list[tuple[str, str]]:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    reader = PdfFileReader(io.BytesIO(document), strict=False)
    signatures = reader.embedded_signatures
    if len(signatures) != 1:
        return [("PDF 签名", f"应有 1 个签名，实有 {len(signatures)} 个")]
    signature = signatures[0]
    certificate = signature.signer_cert
    trusting = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    status = validate_pdf_signature(signature, signer_validation_context=trusting)
    faults = []
    if not status.intact:
        faults.append(("PDF 正文", "签名覆盖的内容在签发后被改动"))
    if not status.valid:
        faults.append(("PDF 签名", "签名值与证书不符"))
    if not _covers_everything(document, signature):
        faults.append(("PDF 签名", "签名没有覆盖整个文件，或签名区被改动"))
    if ours and certificate.sha256.hex() != ours:
        faults.append(("PDF 证书", "不是本平台签发所用的证书"))
    return faults


def _covers_everything(document: bytes, signature: Any) -> bool:
    """Decide whether the signed ranges leave out the signature alone, spelled as we spell it.

    The signature cannot cover itself, so its spelling is compared: its own DER in upper-case
    hexadecimal, then zeros. Otherwise a byte could flip there unseen.
    """
    start, first, second, rest = (int(part) for part in signature.byte_range)
    gap = document[first:second]
    spelled = _der(bytes.fromhex(gap[1:-1].decode())).hex().upper().encode()
    expected = b"<" + spelled.ljust(len(gap) - 2, b"0") + b">"
    return start == 0 and second + rest == len(document) and gap == expected


def _der(padded: bytes) -> bytes:
    """Return the one DER value at the beginning of ``padded``."""
    if padded[1] < 0x80:
        return padded[: 2 + padded[1]]
    size = padded[1] & 0x7F
    return padded[: 2 + size + int.from_bytes(padded[2 : 2 + size])]
