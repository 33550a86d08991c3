"""Master data of the carriers, and one fact of two systems compared."""

from tongqu.kernel.actor import PLATFORM
from tongqu.masters import public as masters
from tongqu.project.demo.showcase.scene import SUPPORT, Scene
from tongqu.project.demo.stage import Told, expect

CHECK = "vehicle_holder"


def mastered(scene: Scene) -> Told:
    """Consolidate the operators; compare what two systems say of a vehicle's holder and state."""
    by = scene.actor(SUPPORT)
    done = masters.consolidate("transport_unit", by=PLATFORM)
    expect(done.records, "经营业户应当有金记录")
    masters.save_check(
        {
            "code": CHECK, "title": "示例·车辆业户与营运状态校核",
            "keys": ["vehicle_plate", "plate_color"],
            "sources": [
                {"name": "车辆基本信息", "entry": scene.codes["road_vehicle_basic"],
                 "table": "ods_road_vehicle_basic"},
                {"name": "道路运输证", "entry": scene.codes["road_transport_certificate"],
                 "table": "ods_road_transport_certificate",
                 "as": {"owner_uscc": "operator_uscc", "operating_state": "cert_state"}},
            ],
            "items": {
                "owner_uscc": {"title": "业户信用代码", "first": ["道路运输证"]},
                "operating_state": {"title": "营运状态", "rule": "newest"},
                "division_code": {"title": "行政区划"},
            },
        },
        by=by,
    )  # fmt: skip
    run = masters.run_check(CHECK, by=by)
    counts = {
        "金记录": done.records, "待认定": done.likenesses, "共有车辆": run.shared,
        "不一致": run.conflicts,
    }  # fmt: skip
    return counts, "不一致的值列出各来源、时间和优先次序，派产生部门核实"
