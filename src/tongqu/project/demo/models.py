"""The models of a manifest: a warehouse and a service table for each source, and its own."""

import shutil
from pathlib import Path

from tongqu.project.demo.manifest import Manifest, SourceFile

WAREHOUSE = """\
-- layer: dw
-- name: dw_{code}
-- library: {library}
-- keys: {keys}
-- owner: {owner}
-- title: {title}
-- clauses: gd-2024-governance 三(三)
SELECT {columns}
FROM ods.ods_{code}
QUALIFY ROW_NUMBER() OVER (PARTITION BY {partition} ORDER BY _load_time DESC, _line DESC) = 1
"""
SERVICE = """\
-- layer: svc
-- name: svc_{code}
-- library: service
-- keys: {keys}
-- owner: {owner}
-- title: {title}
-- tests: {tests}
-- clauses: mot-2021-sharing 第十条
SELECT {columns}
FROM dw.dw_{code}
"""


def write_pack(manifest: Manifest, folder: Path) -> None:
    """Write the pack: one pair of models a source, then what the manifest brings itself."""
    folder.mkdir(parents=True)
    for source in manifest.sources:
        words = _words(source)
        (folder / f"dw_{source.code}.sql").write_text(WAREHOUSE.format(**words), "utf-8")
        (folder / f"svc_{source.code}.sql").write_text(SERVICE.format(**words), "utf-8")
    if manifest.models is not None:
        for path in manifest.models.glob("*.sql"):
            shutil.copy(path, folder / path.name)


def _words(source: SourceFile) -> dict[str, str]:
    columns = list(source.items)
    keys = [column for column, item in source.items.items() if item.key]
    return {
        "code": source.code,
        "title": source.name,
        "owner": source.provider,
        "library": "base" if source.basic_class else "theme",
        "keys": ", ".join(keys),
        "columns": ", ".join(f'"{column}"' for column in columns),
        "partition": ", ".join(f'"{key}"' for key in keys) or "_row_hash",
        "tests": f"unique({', '.join(keys)})" if keys else "",
    }
