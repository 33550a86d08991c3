"""A thousand entries (示例) to measure search on, made in a few statements."""

from typing import Any

from tests.factories_catalog import published_entry
from tests.world import World
from tongqu.catalog.models import Entry, EntryVersion, InformationItem, announce
from tongqu.kernel import clock

# subject → columns that its entries have
SUBJECTS: dict[str, str] = {
    "营运车辆": "plate_no:号牌号码 vin:车辆识别代号",
    "营业性车辆": "plate_no:号牌号码",
    "驾驶员": "cert_no:从业资格证号 person_name:姓名",
    "道路运输业户": "uscc:统一社会信用代码 owner_name:业户名称",
    "网约车": "plate_no:号牌号码 order_no:订单编号",
    "巡游出租汽车": "plate_no:号牌号码 fare:运价",
    "危险货物运输": "waybill_no:电子运单号 cargo:货物名称",
    "道路客运班线": "line_name:班线名称 stop_name:停靠站",
    "公共汽电车": "line_name:线路名称 stop_name:站点名称",
    "城市轨道交通": "line_name:线路名称 passengers:客流量",
    "共享单车": "bike_no:车辆编号",
    "G60沪昆高速": "route_code:路线编号 stake_no:桩号",
    "G35济广高速": "route_code:路线编号 stake_no:桩号",
    "S36省道": "route_code:路线编号 stake_no:桩号",
    "105国道": "route_code:路线编号 stake_no:桩号",
    "农村公路": "route_code:路线编号 length_km:里程",
    "公路桥梁": "bridge_code:桥梁编号 span_m:跨径",
    "公路隧道": "tunnel_code:隧道编号 length_m:长度",
    "收费站": "toll_station:收费站名称 lane_count:车道数",
    "高速公路服务区": "area_name:服务区名称",
    "治超站": "axle_load:轴重 overload_rate:超限率",
    "公路养护": "project_no:工程编号",
    "占道施工": "begins_at:开始时间 stake_no:桩号",
    "内河航道": "depth_m:水深 fairway_code:航道编号",
    "船闸": "lock_code:船闸编号",
    "港口码头": "berth_no:泊位编号 port_code:港口代码",
    "船舶": "imo_no:船舶识别号 ship_name:船名",
    "船员": "seaman_no:船员证号",
    "铁路车站": "train_no:车次",
    "民航航班": "flight_no:航班号 airport_code:机场代码",
    "机场": "airport_code:机场代码",
    "快递": "parcel_no:快件编号",
    "邮政网点": "outlet_no:网点编号",
    "行政许可": "permit_no:许可证号",
    "行政处罚": "case_no:案件编号 fine_amount:罚款金额",
    "信用评价": "score:信用得分",
    "失信名单": "uscc:统一社会信用代码",
    "驾校": "school_no:驾校编号",
    "充电设施": "pile_no:充电桩编号",
    "停车场": "lot_no:停车场编号 spaces:泊位数",
    "交通量": "volume:交通量",
    "突发事件": "event_no:事件编号",
    "视频监控": "camera_no:摄像机编号",
    "卫星定位": "lon:经度 lat:纬度",
    "气象预警": "warning_level:预警等级",
    "招标投标": "bid_no:标段编号",
    "质量监督": "inspection_no:监督编号",
    "燃油消耗": "fuel_l:油耗",
}
ATTRIBUTES = (
    "基本", "年度", "变更", "注销", "动态", "空间位置", "属性", "运行", "流量", "检测", "评定",
    "巡查", "培训", "考核", "投诉", "处理", "调度", "分布", "更新", "核查", "上报", "归集", "比对",
)  # fmt: skip
KINDS = ("信息", "数据", "记录", "台账", "清单", "统计")


def names(size: int = 1000) -> list[tuple[str, str]]:
    """Return (name, columns) pairs: every subject with some twenty attributes."""
    subjects = list(SUBJECTS)
    found = []
    for n in range(size):
        subject = subjects[n % len(subjects)]
        turn = n // len(subjects)
        kind = KINDS[(n + turn) % len(KINDS)]
        found.append((f"{subject}{ATTRIBUTES[turn]}{kind}", SUBJECTS[subject]))
    return found


def publish(world: World, given: list[tuple[str, str]]) -> dict[int, str]:
    """Publish an entry under each name; return the names by entry id."""
    first = published_entry(world, name="示例首条目录")
    like = EntryVersion.objects.get(pk=first.version_id)
    owner, now = world.organisations["990000-MH"], clock.now()
    entries = Entry.objects.bulk_create(
        Entry(
            code=f"990000-MH-GN-{n:06}-X", owner=owner, created_at=now, created_by="示例·编目员",
            is_example=True,
        )
        for n in range(1, len(given) + 1)
    )  # fmt: skip
    versions = EntryVersion.objects.bulk_create(
        _version(like, entry, name) for entry, (name, _) in zip(entries, given, strict=True)
    )
    InformationItem.objects.bulk_create(
        InformationItem(version=version, position=n, name_en=column, name_zh=title)
        for version, (_, columns) in zip(versions, given, strict=True)
        for n, (column, _, title) in enumerate(
            (c.partition(":") for c in [*columns.split(), f"reported_{n_of(version)}:上报时间"]), 1
        )
    )
    announce(entry.pk for entry in entries)
    return {entry.pk: name for entry, (name, _) in zip(entries, given, strict=True)}


def n_of(version: EntryVersion) -> str:
    return f"at_{version.entry_id % 7}"


def _version(like: EntryVersion, entry: Entry, name: str) -> EntryVersion:
    columns: dict[str, Any] = {
        field.attname: getattr(like, field.attname)
        for field in EntryVersion._meta.concrete_fields
        if field.attname not in {"id", "entry_id"}
    }
    columns |= {
        "name": name,
        "summary": f"示例：{name}，由业务系统产生。",
        "source_system": "示例系统",
    }
    return EntryVersion(entry=entry, **columns)
