"""Devices from a sheet, files of a bridge, its model and a camera: all made here, all 示例."""

import csv
import io
import json

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from tongqu.assets import public as assets
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest import public as ingest
from tongqu.ingest.vocabulary import ColumnSpec
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.project.demo.showcase.scene import CATALOGUER, Scene
from tongqu.project.demo.stage import Told, expect

DEVICES, SILENT = 100, 5
DAY = 86_400  # seconds between two messages
SOURCE, BRIDGE = "bridge_sensing", "SL-QL-0001"
KINDS = (("应变计", "5g"), ("挠度计", "ipv6"), ("能见度仪", "beidou"), ("温湿度计", "4g"))
HEAD = ("设备编码", "名称", "设备类型", "来源代码", "上报周期（秒）", "通信路径")
COLUMNS = (
    ColumnSpec("device"),
    ColumnSpec("sequence", DataType.INTEGER),
    ColumnSpec("collected_at"),
    ColumnSpec("value", DataType.DECIMAL),
    ColumnSpec("marks"),
)


def devices(scene: Scene) -> Told:
    """A hundred devices of one sheet; all but five report, today: who looks sees them online."""
    with clock.use(clock.SystemClock()):
        return _devices(scene)


def _devices(scene: Scene) -> Told:
    by = scene.actor(CATALOGUER)
    ingest.register_source(
        code=SOURCE, name="示例·桥梁结构监测", provider_id=scene.department, by=by,
        columns=COLUMNS, cycle="realtime", entry_code=scene.codes["service_area"],
    )  # fmt: skip
    assets.set_policy(SOURCE, assets.Policy.OPTIONAL, by=by)
    found = assets.register_sheet(_sheet(), name="示例设备.csv", by=by)
    expect(not found.faults, "设备表应当逐行通过")
    for n in range(DEVICES - SILENT):
        body = json.dumps({"value": round(1 + n % 17 / 10, 2)})
        alarm = "示例：数值超过预警值" if n == 7 else ""
        envelope = assets.Envelope(_code(n), body, sequence=1, alarm=alarm)
        assets.take(envelope, address="127.0.0.1")
    counts = {"设备": found.made + found.same, "已上报": DEVICES - SILENT, "未上报": SILENT}
    return counts, "连续三个周期不上报的设备转为离线，目录页显示完整率"


def _code(n: int) -> str:
    return f"SL-{n + 1:03}"


def _sheet() -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for n in range(DEVICES):
        kind, path = KINDS[n % len(KINDS)]
        writer.writerow((_code(n), f"示例·{kind} {n + 1:03}", kind, SOURCE, DAY, path))
    return out.getvalue().encode()


def media(scene: Scene) -> Told:
    """A model in two versions, a picture and a report of one bridge, and its camera."""
    by, entry = scene.actor(CATALOGUER), scene.codes["service_area"]
    files = (
        ("bridge-v1.ifc", _ifc(40), "示例·赣江示例大桥竣工模型", "maintenance"),
        ("bridge-v2.ifc", _ifc(46), "示例·赣江示例大桥加固后模型", "maintenance"),
        ("deck.jpg", _picture(), "示例·桥面照片", "transport"),
        ("report.pdf", _report(), "示例·定期检查报告", "maintenance"),
    )
    kept = [
        assets.upload(SimpleUploadedFile(name, body), assets.About(title, domain, entry), by=by)
        for name, body, title, domain in files
    ]
    assets.register_structure(
        BRIDGE, "示例·赣江示例大桥", "bridge", provider_id=scene.department, by=PLATFORM,
        longitude=115.86, latitude=28.69,
    )  # fmt: skip
    for number, note in ((kept[0].number, "示例：竣工"), (kept[1].number, "示例：加固")):
        assets.link_model(BRIDGE, number, by=PLATFORM, note=note)
    assets.register_camera(
        assets.CameraSpec(
            "SL-CAM-1", "示例·主桥北塔", "示例大桥 K812+300", "http",
            f"{settings.BASE_URL}/healthz", 115.86, 28.69, entry_code=entry, structure_code=BRIDGE,
        ),
        provider_id=scene.department, by=PLATFORM,
    )  # fmt: skip
    return {"文件": len(kept), "模型版本": 2, "视频源": 1}, "两个版本的模型可对比构件数"


def _ifc(beams: int) -> bytes:
    """Return a small but whole bridge in IFC4."""
    head = (
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION(('ViewDefinition [ReferenceView]'),'2;1');\n"
        "FILE_NAME('bridge.ifc','2026-01-01T00:00:00',('x'),('y'),'a','b','');\n"
        "FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n"
        "#1=IFCPROJECT('0',$,'example',$,$,$,$,(#2),#3);\n"
        "#2=IFCBRIDGE('1',$,'bridge',$,$,$,$,$,.ELEMENT.,$);\n"
    )
    rows = [f"#{10 + n}=IFCBEAM('b{n}',$,'B{n}',$,$,$,$,$,$);" for n in range(beams)]
    rows += [f"#{500 + n}=IFCPLATE('p{n}',$,$,$,$,$,$,$,$);" for n in range(12)]
    return (head + "\n".join(rows) + "\nENDSEC;\nEND-ISO-10303-21;\n").encode()


def _picture() -> bytes:
    """Draw a bridge in a few lines: nobody's photograph."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (1200, 800), (206, 222, 230))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 620, 1200, 800), fill=(120, 150, 165))
    draw.rectangle((0, 560, 1200, 590), fill=(70, 78, 84))
    for x in (330, 870):
        draw.rectangle((x - 14, 180, x + 14, 700), fill=(92, 100, 106))
        for reach in range(40, 280, 40):
            draw.line((x, 190, x - reach, 560), fill=(92, 100, 106), width=3)
            draw.line((x, 190, x + reach, 560), fill=(92, 100, 106), width=3)
    draw.line((0, 575, 1200, 575), fill=(235, 200, 60), width=3)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def _report() -> bytes:
    import typst

    text = (
        "#set page(width: 420pt, height: 300pt)\n= 示例·定期检查报告\n"
        "示例大桥 2026 年定期检查：主要构件完好，伸缩缝一处需更换。本文件由程序生成。"
    )
    return bytes(typst.compile(text.encode()))
