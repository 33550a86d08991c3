"""Objects of a backup, named by what they hold; the manifest that says what belongs together."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tongqu.audit.public import holds, public_keys, sign
from tongqu.audit.vocabulary import PublicKey, Signature
from tongqu.kernel.canonical import canonical
from tongqu.lake.ports import Vault
from tongqu.lake.vocabulary import BackupAltered, Layer, TableRef

FORMAT = "tongqu-backup-1"
MANIFESTS = "manifests/"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup: where it lay, and what it is."""

    name: str  # the address of a table's file, or the path below its folder
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class KeptTable:
    """One table. ``digest`` is that of ``domain.keeping.content_sql`` at ``snapshot``."""

    table: str
    layer: Layer
    metadata: str
    snapshot: str  # empty: a table without rows yet
    rows: int
    digest: str
    files: tuple[Kept, ...]

    @property
    def ref(self) -> TableRef:
        return TableRef(self.layer, self.table)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one backup holds. ``at`` is the moment before which nothing is missing."""

    number: str
    at: str
    control: tuple[Kept, ...]
    tables: tuple[KeptTable, ...] = ()
    landing: tuple[Kept, ...] = ()
    format: str = field(default=FORMAT)

    def everything(self) -> tuple[Kept, ...]:
        return (
            *self.control,
            *(kept for table in self.tables for kept in table.files),
            *self.landing,
        )


def key_of(sha256: str) -> str:
    return f"objects/{sha256[:2]}/{sha256}"


def copy_of(place: Vault, sha256: str, target: Path) -> int:
    """Fetch an object and return its size; what is not what its name says is refused.

    Raises: ``FileNotFoundError``; ``BackupAltered``, and nothing is left at ``target``.
    """
    digest, size = hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with place.get(key_of(sha256)) as source, target.open("wb") as copy:
        while piece := source.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            copy.write(piece)
    if digest.hexdigest() != sha256:
        target.unlink()
        raise BackupAltered(key_of(sha256))
    return size


def write_manifest(place: Vault, manifest: Manifest, scratch: Path) -> str:
    """Sign the manifest with the hub's key and store it; only then the backup exists."""
    payload = canonical(asdict(manifest))
    signature = sign(payload)
    key = next(key for key in public_keys() if key.key_id == signature.key_id)
    envelope = {
        "manifest": payload.decode(),
        "signature": asdict(signature),
        "public_key": asdict(key),
    }
    path = scratch / "manifest.json"
    path.write_text(json.dumps(envelope, ensure_ascii=False), encoding="utf-8")
    name = f"{MANIFESTS}{manifest.number}.json"
    place.put(name, path)
    return name


def numbers(place: Vault) -> list[str]:
    """Return the numbers of the backups, oldest first."""
    found = place.keys(MANIFESTS)
    return [key.removeprefix(MANIFESTS).removesuffix(".json") for key in found]


def read_manifest(place: Vault, number: str, *, trusted: tuple[str, ...] = ()) -> Manifest:
    """Return a backup's manifest, once its signature holds under a key that is trusted.

    ``trusted`` are fingerprints told by people; on the hub itself its own keys are trusted.
    Raises: ``FileNotFoundError``, ``BackupAltered``.
    """
    with place.get(f"{MANIFESTS}{number}.json") as stream:
        raw = stream.read()
    try:
        envelope = json.loads(raw)
        payload = envelope["manifest"].encode()
        signature = Signature(**envelope["signature"])
        key = PublicKey(**envelope["public_key"])
        known = set(trusted) or {own.key_id for own in public_keys()}
        is_sound = key.key_id in known and holds(payload, signature, key)
        manifest = _read(json.loads(payload))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupAltered(number) from error
    if not is_sound or manifest.format != FORMAT or manifest.number != number:
        raise BackupAltered(number)
    return manifest


def _read(found: dict[str, Any]) -> Manifest:
    return Manifest(
        number=found["number"],
        at=found["at"],
        control=_kept(found["control"]),
        tables=tuple(
            KeptTable(**{**row, "layer": Layer(row["layer"]), "files": _kept(row["files"])})
            for row in found["tables"]
        ),
        landing=_kept(found["landing"]),
        format=found["format"],
    )


def _kept(rows: list[dict[str, Any]]) -> tuple[Kept, ...]:
    return tuple(Kept(**row) for row in rows)
