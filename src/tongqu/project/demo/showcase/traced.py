"""One datum, one source: sources registered, look-alikes found, names that others use."""

from tongqu.catalog import public as catalog
from tongqu.onesource import public as onesource
from tongqu.onesource.models import Pair
from tongqu.onesource.queries import pairs
from tongqu.onesource.vocabulary import PairCommand
from tongqu.project.demo.showcase.scene import CATALOGUER, DEPARTMENT, OFFICE, Scene
from tongqu.project.demo.stage import Told, Unmet, expect

# data element, name, system, standard
SOURCES = (
    ("DE-USCC", "统一社会信用代码", "道路运政管理信息系统", "GB 32100-2015"),
    ("DE-PLATE", "机动车号牌号码", "道路运政管理信息系统", "GA 36-2018"),
)
IDENTIFIERS = (("toll_station", "示例-登记-000101"), ("service_area", "示例-登记-000102"))
# two entries, the item in both, what people found of the pair
DECIDED = (
    (("road_transport_operator", "waterway_enterprise"), "uscc", PairCommand.SAME,
     "示例：以道路运政管理信息系统为准"),
    (("road_transport_operating_licence", "domestic_waterway_licence"), "valid_to",
     PairCommand.DIFFERENT, "示例：两种许可证各有有效期"),
)  # fmt: skip
REGISTRY = "示例·公共数据资源登记平台"


def traced(scene: Scene) -> Told:
    by, office = scene.actor(CATALOGUER), scene.actor(OFFICE)
    for datum, name, system, standard in SOURCES:
        onesource.register_authority(
            datum=datum, name=name, system=system, department=DEPARTMENT, standard=standard, by=by
        )
    found = onesource.detect(by=office)
    expect(found, "应当找出疑似同源的信息项")
    for entries, item, command, note in DECIDED:
        onesource.decide(_pair(scene, entries, item).pk, command, note=note, by=office)
    for slug, value in IDENTIFIERS:
        catalog.add_identifier(
            scene.codes[slug], scheme=REGISTRY, value=value, assigned_by=REGISTRY, by=by
        )
    counts = {
        "权威来源": len(SOURCES), "疑似同源": found, "已认定": len(DECIDED),
        "外部标识": len(IDENTIFIERS),
    }  # fmt: skip
    return (
        counts,
        "业户与水路企业的信用代码认定为同一数据，两种许可证的有效期认定为不同数据",
    )


def _pair(scene: Scene, entries: tuple[str, str], item: str) -> Pair:
    codes = [scene.codes[slug] for slug in entries]
    found = pairs("open", actor=scene.actor(OFFICE)).filter(
        first_entry__in=codes, second_entry__in=codes, first_item=item, second_item=item
    )
    if (pair := found.first()) is None:
        raise Unmet(f"应当找出疑似同源的信息项 {item}")
    return pair
