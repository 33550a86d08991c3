"""Two systems' vehicles for the browser: a pair to decide, a clash, a proposal, a check."""

from typing import Any

from tests import factories_masters as made
from tests.factories_delivery import grant
from tests.world import World
from tongqu.kernel.actor import PLATFORM
from tongqu.masters import public as masters
from tongqu.masters.models import Likeness

CODE = "vehicle"


def make(world: World) -> dict[str, Any]:
    """Make one of each, and return what they are called."""
    files = made.entry(world, "示例·车辆档案", made.VEHICLE, vin=3)
    permits = made.entry(world, "示例·道路运输证", made.VEHICLE, vin=3)
    masters.save_scheme(made.vehicle_scheme(files, permits), by=PLATFORM)
    plates = [f"赣A{n:05}" for n in range(1, 31)]
    made.table("dw_vehicle_file", [
        {"vehicle_plate": plate, "plate_color": "2", "vin": f"LEXAMPLE0000{n:05}",
         "rated_load_kg": 4900, "owner_name": f"示例业户{n}"}
        for n, plate in enumerate(plates)
    ])  # fmt: skip
    made.table("dw_vehicle_permit", [
        {"permit_no": f"P-{n}", "vehicle_plate": plate if n % 9 else f"赣B{n:05}",
         "plate_color": "2", "vin": f"LEXAMPLE0000{n + 500 * (n == 3):05}",
         "rated_load_kg": 4900 + 100 * (n % 7 == 0)}
        for n, plate in enumerate(plates)
    ])  # fmt: skip
    masters.consolidate(CODE, by=PLATFORM)
    grant(world, files, items=("vehicle_plate", "plate_color", "rated_load_kg"))
    consumer = world.actor("consumer")
    masters.subscribe(CODE, by=consumer)
    pair = Likeness.objects.first()
    assert pair is not None
    masters.propose(
        CODE, pair.first_key, "rated_load_kg", value="5200", reason="示例：以实车铭牌为准",
        by=consumer,
    )  # fmt: skip
    masters.save_check(
        {
            "code": "vehicle_load", "title": "示例·核定载质量校核",
            "keys": ["vehicle_plate", "plate_color"],
            "sources": [
                {"name": "车辆档案", "entry": files.code, "table": "dw_vehicle_file"},
                {"name": "道路运输证", "entry": permits.code, "table": "dw_vehicle_permit"},
            ],
            "items": {"rated_load_kg": {"title": "核定载质量"}, "vin": {"title": "车架号"}},
        },
        by=PLATFORM,
    )  # fmt: skip
    for _ in range(2):
        masters.run_check("vehicle_load", by=PLATFORM)
    return {"likeness": pair.pk, "golden": pair.first_key}
