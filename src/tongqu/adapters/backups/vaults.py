"""Where backups lie: a folder of another disk or machine, or an S3-compatible store."""

import os
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from pyarrow import fs

from tongqu.adapters.tables.datafiles import storage_errors
from tongqu.adapters.tables.warehouse import Bucket
from tongqu.lake.ports import Vault


def vault_at(place: str, *, scratch: Path, endpoint: str, region: str) -> Vault | None:
    """Return the place that the settings name; None: no backups are wanted."""
    if not place:
        return None
    if place.startswith("s3://"):
        return BucketVault(Bucket(place, scratch, endpoint=endpoint, region=region))
    return FolderVault(Path(place.removeprefix("file://")))


class FolderVault:
    """See ``lake.ports.Vault``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def has(self, key: str) -> bool:
        return (self._folder / key).is_file()

    def put(self, key: str, path: Path) -> None:
        target = self._folder / key
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
        with storage_errors():
            try:
                with path.open("rb") as source, part.open("wb") as copy:
                    shutil.copyfileobj(source, copy, 1 << 20)
                    copy.flush()
                    os.fsync(copy.fileno())
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)

    def get(self, key: str) -> BinaryIO:
        return (self._folder / key).open("rb")

    def keys(self, prefix: str) -> Sequence[str]:
        found = (self._folder / prefix).rglob("*")
        return sorted(
            str(path.relative_to(self._folder))
            for path in found
            if path.is_file() and path.name[0] != "."
        )


class BucketVault:
    """See ``lake.ports.Vault``. Keys to the store are the client's own, from the environment."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        bucket.prepare()

    def _uri(self, key: str) -> str:
        return f"{self._bucket.uri}/{key}"

    def has(self, key: str) -> bool:
        place = self._uri(key).removeprefix("s3://")
        with storage_errors():
            return bool(self._bucket.files.get_file_info(place).type == fs.FileType.File)

    def put(self, key: str, path: Path) -> None:
        self._bucket.replace(self._uri(key), path)

    def get(self, key: str) -> BinaryIO:
        return self._bucket.open(self._uri(key))

    def keys(self, prefix: str) -> Sequence[str]:
        root = self._uri("").removeprefix("s3://")
        wanted = fs.FileSelector(f"{root}{prefix}", recursive=True, allow_not_found=True)
        with storage_errors():
            found = self._bucket.files.get_file_info(wanted)
        return sorted(file.path.removeprefix(root) for file in found if file.is_file)
