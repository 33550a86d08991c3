"""IFC in the form of STEP (ISO 10303-21): schema and counts of elements, in constant memory."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tongqu.adapters.media.reading import broken

KIND = "IFC"
CHUNK = 1 << 20
MOST_STATEMENT = 64 << 20  # bytes of one statement; a face set of a large model has a few MB
MOST_TYPES = 2000
HEADER_TEXT = 64 << 10
_INSTANCE = re.compile(rb"#\d+\s*=\s*([A-Z][A-Z0-9_]*)\s*\(")
_STRING = re.compile(rb"'((?:[^']|'')*)'")
# What stands or is built, as against its geometry, its relations and its properties.
_NAMES = """
BEAM BEAMSTANDARDCASE BEARING BUILDINGELEMENTPART BUILDINGELEMENTPROXY BUILTELEMENT
CABLECARRIERSEGMENT CABLESEGMENT CAISSONFOUNDATION CHIMNEY COLUMN COLUMNSTANDARDCASE COURSE
COVERING CURTAINWALL DEEPFOUNDATION DISCRETEACCESSORY DISTRIBUTIONELEMENT DOOR DOORSTANDARDCASE
EARTHWORKSCUT EARTHWORKSELEMENT EARTHWORKSFILL ELEMENTASSEMBLY FASTENER FLOWFITTING FLOWSEGMENT
FLOWTERMINAL FOOTING FURNISHINGELEMENT FURNITURE GEOGRAPHICELEMENT KERB LIGHTFIXTURE
MECHANICALFASTENER MEMBER MEMBERSTANDARDCASE MOORINGDEVICE NAVIGATIONELEMENT OUTLET PAVEMENT PILE
PIPESEGMENT PLATE PLATESTANDARDCASE RAIL RAILING RAMP RAMPFLIGHT REINFORCEDSOIL REINFORCINGBAR
REINFORCINGMESH ROOF SENSOR SIGN SIGNAL SLAB SLABSTANDARDCASE STAIR STAIRFLIGHT SURFACEFEATURE
TENDON TENDONANCHOR TENDONCONDUIT TRACKELEMENT TRANSPORTATIONDEVICE TRANSPORTELEMENT VEHICLE
VIBRATIONDAMPER VIBRATIONISOLATOR WALL WALLSTANDARDCASE WINDOW WINDOWSTANDARDCASE
"""
# Not counted: places that hold elements (a bridge, a storey), openings, which are the absence
# of something.
ELEMENTS = frozenset(_NAMES.split())


@dataclass(slots=True)
class IfcFacts:
    schema: str
    entities: int
    elements: int
    by_type: Counter[str] = field(default_factory=Counter)
    header: str = ""


def read(path: Path) -> IfcFacts:
    """Return schema and counts. Raises ``Unfit`` for a file that does not end as it must."""
    statements = _statements(path)
    if next(statements, b"").strip() != b"ISO-10303-21":
        raise broken(KIND)
    header, schema, in_data, is_whole = [], "", False, False
    counts: Counter[str] = Counter()
    total = 0
    for statement in statements:
        text = statement.strip()
        if text.upper() == b"DATA" or text.upper().startswith(b"DATA("):
            in_data = True
        elif text == b"END-ISO-10303-21":
            is_whole = True
            break
        elif not in_data:
            header.append(text[:4096])
            if text.upper().startswith(b"FILE_SCHEMA"):
                schema = _first_string(text)
        elif found := _INSTANCE.match(text):
            total += 1
            _count(counts, found[1])
    if not is_whole or not schema.upper().startswith("IFC"):
        raise broken(KIND)
    elements = {name: n for name, n in counts.items() if name.removeprefix("IFC") in ELEMENTS}
    words = _words(b"\n".join(header)[:HEADER_TEXT])
    return IfcFacts(schema.upper(), total, sum(elements.values()), Counter(elements), words)


def _count(counts: Counter[str], name: bytes) -> None:
    word = name.decode("ascii")
    if word in counts or len(counts) < MOST_TYPES:
        counts[word] += 1


def _statements(path: Path) -> Iterator[bytes]:
    """Yield statements up to their semicolon; text in quotes and comments end none."""
    with path.open("rb") as file:
        rest, seen, open_in = b"", 0, b""
        while chunk := file.read(CHUNK):
            rest += chunk
            start, mark = 0, seen
            while True:
                end, mark, open_in = _end(rest, mark, open_in)
                if end < 0:
                    break
                yield _plain(rest[start:end])
                start = end + 1
            rest, seen = rest[start:], mark - start
            if len(rest) > MOST_STATEMENT:
                raise broken(KIND)


_MARK = re.compile(rb"[;']|/\*")
_CLOSING = {b"'": b"'", b"/*": b"*/"}


def _end(data: bytes, at: int, open_in: bytes) -> tuple[int, int, bytes]:
    """Return where the statement ends, or -1; how far was looked; what is still open there.

    Every byte is looked at once, however long a text is that never closes. A doubled quote
    within a text closes it and opens the next.
    """
    while True:
        if open_in:
            closing = _CLOSING[open_in]
            found = data.find(closing, at)
            if found < 0:
                return -1, max(at, len(data) - len(closing) + 1), open_in
            at, open_in = found + len(closing), b""
        mark = _MARK.search(data, at)
        if mark is None:  # half of a comment's beginning may stand at the end
            return -1, len(data) - data.endswith(b"/"), b""
        at = mark.end()
        if mark[0] == b";":
            return mark.start(), at, b""
        open_in = mark[0]


def _plain(statement: bytes) -> bytes:
    if b"/*" in statement:
        return re.sub(rb"/\*.*?\*/", b"", statement, flags=re.DOTALL)
    return statement


def _first_string(text: bytes) -> str:
    found = _STRING.search(text)
    return found[1].decode("ascii", "replace") if found else ""


_WIDE = re.compile(r"\\X2\\((?:[0-9A-F]{4})+)\\X0\\")


def _words(header: bytes) -> str:
    """Return the header's texts; \\X2\\…\\X0\\ are characters outside of ASCII."""
    texts = [match.decode("utf-8", "replace") for match in _STRING.findall(header)]
    joined = "\n".join(text for text in texts if text.strip())
    return _WIDE.sub(lambda m: bytes.fromhex(m[1]).decode("utf-16-be", "replace"), joined)
