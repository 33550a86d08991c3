"""The models of a manifest: a warehouse and a service table for each source, and its own."""

import shutil
from pathlib import Path

from tongqu.catalog.public import published
from tongqu.catalog.vocabulary import EntryView
from tongqu.project.demo.manifest import SourceFile
from tongqu.project.demo.stage import Stage

WAREHOUSE = """\
-- layer: dw
-- name: dw_{code}
-- library: {library}
-- theme: 综合运输
-- keys: {keys}
-- owner: {owner}
-- title: {title}
-- clauses: gd-2024-governance 三(三)
SELECT {renamed}
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


def write_pack(stage: Stage, folder: Path) -> None:
    """Write the pack: one pair of models a source, then what the manifest brings itself."""
    folder.mkdir(parents=True)
    for source in stage.manifest.sources:
        words = _words(source, published(stage.entries[source.code]))
        (folder / f"dw_{source.code}.sql").write_text(WAREHOUSE.format(**words), "utf-8")
        (folder / f"svc_{source.code}.sql").write_text(SERVICE.format(**words), "utf-8")
    if stage.manifest.models is not None:
        for path in stage.manifest.models.glob("*.sql"):
            shutil.copy(path, folder / path.name)


def _words(source: SourceFile, entry: EntryView) -> dict[str, str]:
    names = [(item.source_column or item.name_en, item.name_en) for item in entry.items]
    keys = [item.name_en for item in entry.items if item.is_key]
    return {
        "code": source.code,
        "title": source.name,
        "owner": source.provider,
        "library": "base" if source.basic_class else "theme",
        "keys": ", ".join(keys),
        "renamed": ", ".join(_renamed(*pair) for pair in names),
        "columns": ", ".join(f'"{name}"' for _, name in names),
        "partition": ", ".join(f'"{own}"' for own, name in names if name in keys) or "_row_hash",
        "tests": f"unique({', '.join(keys)})" if keys else "",
    }


def _renamed(own: str, name: str) -> str:
    """Return a column of the source under the name that the catalogue gives it."""
    return f'"{own}"' if own == name else f'"{own}" AS "{name}"'
