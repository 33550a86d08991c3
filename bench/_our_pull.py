"""Pull one table into the hub: landed, every row checked, ledgered, stored."""

import os
import sys

from bench._hub import fresh_hub
from bench._lap import Laps


def main() -> None:
    address, rows = sys.argv[1], int(sys.argv[2])
    laps = Laps()
    with fresh_hub():
        from tongqu.identity.actions.seed_example import seed_example
        from tongqu.identity.models import Organisation
        from tongqu.ingest import public as ingest
        from tongqu.kernel.actor import PLATFORM

        seed_example(by=PLATFORM)
        provider = Organisation.objects.filter(is_example=True).first()
        if provider is None:
            raise RuntimeError("no example organisation")
        ingest.register_connection(
            code="there", name="示例", connector="database", address=address, by=PLATFORM,
            provider_id=provider.pk, secrets={"password": os.environ["TONGQU_BENCH_PASSWORD"]},
        )  # fmt: skip
        plan = ingest.Plan("there", what="passages")
        columns = ingest.probe("there", by=PLATFORM, plan=plan).columns
        ingest.register_source(
            code="passages", name="示例·收费站通行", provider_id=provider.pk, by=PLATFORM,
            columns=columns,
        )  # fmt: skip
        ingest.plan_pull("passages", plan, by=PLATFORM)
        with laps.lap():
            run = ingest.pull("passages", by=PLATFORM)
        if run.stored != rows:
            raise RuntimeError(f"the pull did not go through: {run}")
    laps.tell()


if __name__ == "__main__":
    main()
