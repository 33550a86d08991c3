"""Load one CSV into the hub: landed, every row checked, ledgered, stored in one snapshot."""

import sys
from pathlib import Path

from bench._hub import fresh_hub
from bench._lap import Laps

COLUMNS = {
    "id": "integer", "label": "string", "gate": "string", "passed_at": "datetime",
    "axle_class": "integer", "weight": "decimal", "speed": "integer", "is_electronic": "boolean",
}  # fmt: skip


def main() -> None:
    path = Path(sys.argv[1])
    laps = Laps()
    with fresh_hub() as home:
        from tongqu.catalog.vocabulary import DataType
        from tongqu.identity.actions.seed_example import seed_example
        from tongqu.identity.models import Organisation
        from tongqu.ingest import public as ingest
        from tongqu.ingest.vocabulary import ColumnSpec
        from tongqu.kernel.actor import PLATFORM

        seed_example(by=PLATFORM)
        provider = Organisation.objects.filter(is_example=True).first()
        if provider is None:
            raise RuntimeError("no example organisation")
        ingest.register_source(
            code="passages", name="示例·收费站通行", provider_id=provider.pk, by=PLATFORM,
            columns=tuple(ColumnSpec(name, DataType(kind), is_key=name == "id")
                          for name, kind in COLUMNS.items()),
        )  # fmt: skip
        with laps.lap():
            batch = ingest.load("passages", path, by=PLATFORM)
        if not batch.is_balanced or batch.stored == 0:
            raise RuntimeError("the load did not go through")
        stored = sum(f.stat().st_size for f in home.rglob("*.parquet"))
    laps.tell(stored_bytes=stored)


if __name__ == "__main__":
    main()
