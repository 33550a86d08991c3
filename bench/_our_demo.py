"""The data stages of the main job as the hub does them: load, models, delivery.

Not counted: people, scan, catalogue, application and review, which the bare script lacks.
"""

import tempfile
from pathlib import Path

from bench._hub import compiled, fresh_hub
from bench._lap import Laps


def main() -> None:
    laps = Laps()
    with fresh_hub(), compiled() as stage:
        from tongqu.ingest import public as ingest
        from tongqu.lake.public import run_models
        from tongqu.project.demo import loading, requesting, serving
        from tongqu.project.demo.compiling import CATALOGUER
        from tongqu.project.demo.models import write_pack
        from tongqu.project.demo.stage import USED

        main_code, by = stage.main.code, stage.actor(CATALOGUER)
        for source in stage.manifest.sources:
            ingest.connect(source.code, stage.entries[source.code], by=by)
            if source.code != main_code:
                ingest.load(source.code, source.path, by=by)
        with laps.lap():
            batch = ingest.load(main_code, stage.main.path, by=by)
        if not batch.is_balanced or batch.stored == 0:
            raise RuntimeError("the load did not go through")
        with tempfile.TemporaryDirectory() as folder:
            write_pack(stage, Path(folder) / "pack")
            support = stage.actor(loading.SUPPORT)
            measured = frozenset({f"dw_{main_code}", f"svc_{main_code}"})
            with laps.lap():
                run_models(Path(folder) / "pack", by=support, only=measured)
            run_models(Path(folder) / "pack", by=support)
        for source in stage.manifest.sources:
            loading._serve(stage, source.code)
        loading._receipt(stage, stage.entries[main_code])
        requesting.requesting(stage)
        stage.on(USED)
        with laps.lap():
            serving._download(stage, stage.grants[main_code], "parquet")
    laps.tell()


if __name__ == "__main__":
    main()
