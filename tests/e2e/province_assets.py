"""Devices, files, a camera and a bridge for the browser."""

from typing import Any

from tests import factories_assets as files
from tests.world import World
from tongqu.assets import public as assets
from tongqu.assets.actions.cameras import sealed_stream
from tongqu.assets.models import Camera
from tongqu.identity.public import organisation
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM

FILES = (
    ("bridge.ifc", files.ifc(46, 12), "示例·赣江特大桥主桥模型", "maintenance"),
    ("plan.dwg", files.dwg(), "示例·总平面布置图", "planning"),
    ("photo.jpg", files.jpeg((1200, 900)), "示例·桥面照片", "transport"),
    ("drone.mp4", files.mp4(754), "示例·无人机巡检视频", "safety"),
    ("report.pdf", files.pdf("Inspection report"), "示例·定期检查报告", "enforcement"),
)


def make(world: World, entry_code: str) -> dict[str, Any]:
    """Make one of each, and return what they are called."""
    by = world.actor("cataloguer")
    owner = organisation("990000-MH")
    assert owner is not None
    files.sensor_source(world)
    for n, (name, path) in enumerate((("挠度", "5g"), ("应变", "ipv6"), ("能见度", "beidou"))):
        body = files.device_body(f"YB-{n}", path_type=path) | {"name": f"示例·{name}监测点 {n}"}
        assets.register_device(assets.DeviceSpec(**body), by=by)
    assets.set_policy("sensors", assets.Policy.OPTIONAL, by=by)
    assets.take(assets.Envelope("YB-0", '{"strain": 1.5}', sequence=7), address="127.0.0.1")
    assets.take(
        assets.Envelope("YB-1", '{"strain": 9}', alarm="示例：应变超过预警值"),
        address="2001:0db8:0000:0000:0000:0000:0000:0001",
    )
    made = [
        assets.upload(files.upload_of(name, body), assets.About(title, domain, entry_code),
                      by=PLATFORM)
        for name, body, title, domain in FILES
    ]  # fmt: skip
    bridge = assets.register_structure(
        "G60-K812-QL", "示例·赣江特大桥", "bridge", provider_id=owner.pk, by=PLATFORM,
        longitude=115.86, latitude=28.69,
    )  # fmt: skip
    assets.link_model(bridge.code, made[0].number, by=PLATFORM, note="示例：竣工模型")
    camera = Camera.objects.create(
        code="CAM-1", name="示例·主桥北塔", place="示例大桥 K812+300", provider=owner,
        entry_code=entry_code, protocol="gb28181", longitude=115.86, latitude=28.69,
        stream=sealed_stream("CAM-1", "http://gateway.example/1"), created_at=clock.now(),
    )  # fmt: skip
    return {"device": "YB-0", "media": made[0].number, "structure": bridge.code,
            "camera": camera.code}  # fmt: skip
