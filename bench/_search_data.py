"""Entries and queries for the search benchmark: made by the engine in sets, seeded, 示例.

The names are put together from a department, a place or road, a subject, an attribute and a
kind; items are drawn from a list of columns. The same numbers give the same entries.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

PLACES = [f"{c}{k}" for c in "甲乙丙丁戊己庚辛壬癸子丑寅卯" for k in ("市", "县", "区")]
ROADS = [f"G{n}" for n in (35, 45, 50, 56, 60, 70, 72, 76, 105, 206, 320)] + [
    f"S{n}" for n in range(30, 60)
]
SUBJECTS = [
    "营运车辆",
    "道路运输企业",
    "道路客运",
    "道路货运",
    "危险货物运输",
    "网约车",
    "巡游出租车",
    "城市公交",
    "轨道交通",
    "共享单车",
    "高速公路",
    "普通国道",
    "农村公路",
    "公路桥梁",
    "公路隧道",
    "收费站",
    "服务区",
    "治超站",
    "公路养护",
    "公路施工",
    "水运工程",
    "内河航道",
    "船闸",
    "港口码头",
    "港口企业",
    "船舶",
    "船员",
    "水路运输企业",
    "渡口",
    "航标",
    "铁路车站",
    "专用铁路",
    "民航航班",
    "机场",
    "通用航空",
    "邮政网点",
    "快递企业",
    "快件",
    "行政许可",
    "行政处罚",
    "行政检查",
    "执法人员",
    "执法案件",
    "信用评价",
    "失信名单",
    "从业人员",
    "驾驶员",
    "驾校",
    "维修企业",
    "充电设施",
    "停车场",
    "交通量",
    "路况",
    "突发事件",
    "应急物资",
    "视频监控",
    "气象预警",
    "卫星定位",
    "电子运单",
    "招标投标",
    "建设项目",
    "质量监督",
    "安全检查",
    "隐患",
    "投资计划",
    "统计报表",
]
ATTRIBUTES = [
    "基本",
    "年度审验",
    "经营许可",
    "变更",
    "注销",
    "动态",
    "空间位置",
    "属性",
    "运行",
    "流量",
    "收费",
    "养护",
    "检测",
    "评定",
    "巡查",
    "培训",
    "资格",
    "考核",
    "投诉",
    "违法",
    "处理",
    "票价",
    "班次",
    "里程",
    "能耗",
    "保险",
    "维修",
    "调度",
    "预约",
    "分布",
]
KINDS = ["信息", "数据", "记录", "台账", "清单", "统计", "目录", "档案"]
COLUMNS = [
    "plate_no:号牌号码",
    "vin:车辆识别代号",
    "owner_name:业户名称",
    "uscc:统一社会信用代码",
    "permit_no:许可证号",
    "valid_from:有效期起",
    "valid_to:有效期止",
    "route_code:路线编号",
    "stake_no:桩号",
    "bridge_name:桥梁名称",
    "tunnel_name:隧道名称",
    "lane_count:车道数",
    "length_m:长度",
    "width_m:宽度",
    "ship_name:船名",
    "imo_no:船舶识别号",
    "port_code:港口代码",
    "berth_no:泊位编号",
    "flight_no:航班号",
    "airport_code:机场代码",
    "person_name:姓名",
    "cert_no:证件号码",
    "phone:联系电话",
    "address:地址",
    "lon:经度",
    "lat:纬度",
    "reported_at:上报时间",
    "case_no:案件编号",
    "fine_amount:罚款金额",
    "score:信用得分",
    "station_name:站点名称",
    "line_name:线路名称",
    "volume:交通量",
    "speed:平均速度",
]
PROVIDERS = 200
_CYCLES = ["realtime", "daily", "weekly", "monthly", "quarterly", "yearly", "irregular"]
_TYPES = ["unconditional", "unconditional", "unconditional", "conditional", "withheld"]
_DOMAINS = ["GN", "HW", "RT", "WW", "RL", "CA", "PS", "UT", "EX"]
_MODES = ["highway", "waterway", "railway", "aviation", "post", "urban", "general"]
_BUSINESS = ["planning", "construction", "transport", "enforcement", "safety", "collaboration",
             "onenet", "command"]  # fmt: skip
_STRATEGIES = ["belt_road", "yangtze_belt", "greater_bay", "plan_15"]

_MAKE = """
COPY (
  SELECT i AS id,
    pick(places, h(i, 1)) || CASE WHEN h(i, 2) % 3 = 0 THEN pick(roads, h(i, 3)) ELSE '' END
      || pick(subjects, h(i, 4)) || pick(attributes, h(i, 5)) || pick(kinds, h(i, 6)) AS name,
    printf('99%04d-%s-%s-%06d', h(i, 7) % 100, 'JT', pick(domains, h(i, 8)), i % 1000000) AS code,
    [pick(columns, h(i, 20 + n)) for n in range(4 + (h(i, 9) % 8)::INTEGER)] AS items,
    '示例：' || pick(places, h(i, 1)) || pick(subjects, h(i, 10)) || '的'
      || pick(attributes, h(i, 11)) || '情况，用于' || pick(subjects, h(i, 12)) || '管理。'
      AS summary,
    pick(types, h(i, 13)) AS sharing_type,
    printf('99%04d', (h(i, 14) % providers)::INTEGER) AS provider,
    pick(domains, h(i, 8)) AS domain, pick(cycles, h(i, 15)) AS update_cycle,
    (1 + h(i, 16) % 4)::VARCHAR AS level,
    pick(['province', 'city', 'county', 'ministry'], h(i, 17)) AS admin_level,
    pick(modes, h(i, 18)) AS mode, pick(business, h(i, 19)) AS business,
    CASE WHEN h(i, 50) % 4 = 0 THEN [pick(strategies, h(i, 51))] ELSE [] END AS strategy,
    h(i, 52) % 20 = 0 AS is_draft, (h(i, 14) % providers)::INTEGER AS owner
  FROM range(1, {size} + 1) AS t(i)
) TO '{path}' (FORMAT parquet)
"""


def make(path: Path, size: int) -> None:
    """Write ``size`` entries to a Parquet file."""
    import duckdb

    base = duckdb.connect()
    base.execute("CREATE MACRO h(i, n) AS (hash(i * 1000 + n) >> 8)")
    base.execute("CREATE MACRO pick(list, n) AS list[1 + (n % len(list))::INTEGER]")
    lists = {"places": PLACES, "roads": ROADS, "subjects": SUBJECTS, "attributes": ATTRIBUTES,
             "kinds": KINDS, "columns": COLUMNS, "types": _TYPES, "domains": _DOMAINS,
             "cycles": _CYCLES, "modes": _MODES, "business": _BUSINESS,
             "strategies": _STRATEGIES, "providers": PROVIDERS}  # fmt: skip
    query = _MAKE.format(size=size, path=path)
    for name, values in lists.items():
        query = query.replace(f"({name},", f"({values!r},").replace(f"% {name})", f"% {values!r})")
    base.execute(query)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq

    for batch in pq.ParquetFile(path).iter_batches(20_000):
        yield from batch.to_pylist()


def queries() -> list[str]:
    """Return what people type: words of two characters, names, synonyms, pinyin, roads, columns."""
    found = [subject[:2] for subject in SUBJECTS[::2]]
    found += [f"{s}{a}" for s, a in zip(SUBJECTS[::3], ATTRIBUTES, strict=False)]
    found += [f"{p} {s}" for p, s in zip(PLACES[::2], SUBJECTS[1::3], strict=False)]
    found += [f"{r}{s}" for r, s in zip(ROADS[::2], SUBJECTS[2::3], strict=False)]
    found += ["营运车", "司机", "危险品", "车牌", "桥", "高速 养护", "业户", "许可", "监控", "码头"]
    found += ["yyc", "gsgl", "chuanzha", "wyc", "jichang", "sfz", "gaosu"]
    found += ["plate_no", "vin", "route_code", "uscc", "赣A12345", "G60", "S36", "桩号", "imo_no"]
    found += [f"{p}{s}{a}{k}" for p, s, a, k in zip(
        PLACES, SUBJECTS[3::4], ATTRIBUTES, KINDS * 4, strict=False)]  # fmt: skip
    return list(dict.fromkeys(found))


CHOSEN = ({}, {}, {"level": ("2",)}, {"sharing_type": ("conditional",), "mode": ("highway",)})
