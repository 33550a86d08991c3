"""The pack of the first batch as these tests use it: entries, and rows that are right.

``right(slug, n)`` returns the n-th right row of a resource as texts, keys distinct; a test
changes what its row of the requirements speaks of and leaves the rest alone.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

PACK = Path(__file__).resolve().parent.parent.parent / "packs" / "jiangxi-2026"
IDCARD, VIN = "11010519491231002X", "1M8GDM9AXKP042788"  # published test vectors
USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
Row = dict[str, Any]


@cache
def resources() -> dict[str, dict[str, Any]]:
    """Return the 35 documents by slug."""
    found = [tomllib.loads(path.read_text()) for path in sorted(PACK.glob("entries/*.toml"))]
    return {document["slug"]: document for document in found}


@cache
def elements() -> dict[str, dict[str, Any]]:
    rows = tomllib.loads((PACK / "elements.toml").read_text())["elements"]
    return {row["code"]: row for row in rows}


@cache
def code_tables() -> dict[str, dict[str, Any]]:
    found = [tomllib.loads(path.read_text()) for path in sorted(PACK.glob("code-tables/*.toml"))]
    return {table["name"]: table for document in found for table in document.get("tables", [])}


@cache
def topics() -> list[dict[str, Any]]:
    """Return the templates of topics."""
    return list(tomllib.loads((PACK / "topics.toml").read_text())["topics"])


def items(slug: str) -> list[dict[str, Any]]:
    return list(resources()[slug]["entry"]["items"])


def uscc(n: int) -> str:
    """Return a unified social credit code with the right check letter (GB 32100)."""
    body = f"91360100MA{n:07}"
    total = sum(USCC_LETTERS.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + USCC_LETTERS[(31 - total % 31) % 31]


def right(slug: str, n: int = 1, **given: Any) -> Row:
    """Return a right row. Empty text stands for no value."""
    row = {item["name_en"]: _value(item, n) for item in items(slug)}
    return row | {key: _filled(value, n) for key, value in FIXED.get(slug, {}).items()} | given


def rights(slug: str, count: int, first: int = 1, **given: Any) -> list[Row]:
    return [right(slug, n, **given) for n in range(first, first + count)]


def _filled(value: str, n: int) -> str:
    return value.format(n=n, uscc=uscc(n))


def _value(item: Mapping[str, Any], n: int) -> str:
    """Return a value that the item's element, code table or type accepts."""
    if item.get("nullable", True):
        return ""
    element, table = item.get("element", ""), item.get("code_table", "")
    if element in BY_ELEMENT:
        return BY_ELEMENT[element].format(n=n, uscc=uscc(n))
    if table := table or elements().get(element, {}).get("code_table", ""):
        return str(code_tables()[table]["codes"][0]["code"])
    if item["data_type"] == "string" and item.get("is_key"):
        return f"EX{n:08}"
    return BY_TYPE[item["data_type"]]


BY_TYPE = {
    "string": "示例", "text": "示例", "integer": "1", "decimal": "1", "boolean": "true",
    "date": "2026-01-15", "datetime": "2026-09-24 08:00:00", "time": "08:00",
}  # fmt: skip
BY_ELEMENT = {
    "DE-PLATE": "赣A{n:05}", "DE-PCOL": "2", "DE-USCC": "{uscc}", "DE-IDCARD": IDCARD,
    "DE-VIN": VIN, "DE-IMO": "9074729", "DE-MMSI": "413123456", "DE-SHIPID": "CN2019{n:07}",
    "DE-DIV": "360100", "DE-DIV-ANY": "360100", "DE-LON": "115.9", "DE-LAT": "28.7",
    "DE-TIME": "2026-09-24 08:00:00", "DE-PAST-TIME": "2026-09-24 08:00:00",
    "DE-DATE": "2027-06-30", "DE-PAST-DATE": "2026-01-15", "DE-MONTH": "2026-08",
    "DE-TEL": "13900000000", "DE-NAME": "示例", "DE-CERT": "360100{n:06}",
    "DE-LIC": "360100{n:06}", "DE-WLIC": "交赣XK{n:04}", "DE-ROUTE": "G60",
    "DE-STAKE": "K123+456", "DE-TOLL": "36{n:012}", "DE-TERM": "0139{n:08}",
    "DE-CASE": "赣交执罚〔2026〕{n:03}号", "DE-DOCNO": "赣交函〔2026〕{n:03}号", "DE-UN": "1203",
}  # fmt: skip
# What the entry's own checks ask for beyond elements and code tables.
FIXED: dict[str, dict[str, str]] = {
    "road_vehicle_realtime_position": {"alarm_flags": "0"},
    "road_vehicle_inspection_grading": {"kerb_mass_measured": "4000", "valid_to": "2027-01-14"},
    "road_vehicle_annual_review": {
        "review_year": "2026", "review_result": "合格", "next_review_date": "2027-01-15",
    },
    "road_vehicle_basic": {
        "engine_no": "EXF{n:06}", "gross_mass_kg": "9000", "kerb_mass_kg": "4000",
        "rated_load_kg": "4900", "axle_count": "2", "length_mm": "6000", "width_mm": "2300",
        "height_mm": "2800", "scrap_date": "2040-01-01",
    },
    "road_transport_certificate": {
        "business_scope": "021", "dims_text": "6000×2300×2800", "valid_from": "2026-01-15",
    },
    "road_transport_operator": {
        "operator_name": "示例业户{n}", "uscc": "{uscc}", "party_type": "企业",
        "business_scope": "021",
    },
    "road_transport_operating_licence": {
        "business_scope": "021", "valid_from": "2026-01-15", "valid_to": "2030-01-14",
    },
    "oversize_transport_permit_application": {
        "cargo_mass_kg": "20000", "total_mass_kg": "40000", "total_length_m": "18",
        "total_width_m": "2.9", "total_height_m": "4.1", "axle_loads_kg": "[6000, 8000]",
        "permit_class": "I", "route_lines": '["G60"]', "move_from": "2026-10-01",
        "move_to": "2026-10-10", "process_state": "许可", "permit_no": "EXP{n:06}",
        "permit_authority": "示例机关",
    },
    "passenger_route": {
        "origin_station": "示例甲站", "dest_station": "示例乙站", "via_roads": '["G60"]',
        "via_stops": "[]",
    },
    "toll_station_entry_flow": {"entry_count": "100"},
    "toll_station_exit_flow": {"exit_count": "100"},
    "highway_rest_post": {"services": "停车,如厕", "open_hours": "24h"},
    "toll_station": {"entry_lanes": "4", "exit_lanes": "6", "etc_lanes": "5"},
    "service_area": {"fuel_kinds": "92,95", "charger_power_kw": "120"},
    "maintenance_work_event": {
        "stake_to": "K125+000", "lanes_closed": "[1]", "plan_end": "2026-09-25 08:00:00",
        "detour_text": "示例绕行",
    },
    "toll_station_control": {"vehicle_limits": "货"},
    "traffic_emergency_event": {"hazmat_involved": "false"},
    "enforcement_case": {
        "decision_no": "赣交执罚决〔2026〕{n}号", "decision_date": "2026-02-01",
        "penalty_kinds": "罚款·没收", "fine_yuan": "500", "violated_clause": "示例条",
        "penalty_clause": "示例条", "officer_cert_nos": '["EX1", "EX2"]',
        "occur_time": "2026-01-10 10:00:00",
    },
    "case_ship": {"case_no": "赣交执罚〔2026〕{n:03}号"},
    "case_vehicle": {
        "case_no": "赣交执罚〔2026〕{n:03}号", "axle_count": "4", "actual_mass_kg": "60000",
        "limit_mass_kg": "49000", "overload_rate": "22.45", "is_other_province": "false",
    },
    "case_party": {"case_no": "赣交执罚〔2026〕{n:03}号", "uscc": "{uscc}"},
    "ship_basic": {
        "mmsi": "413{n:06}", "gross_tonnage": "1000", "net_tonnage": "560", "loa_m": "60",
        "lbp_m": "56", "passenger_cap": "10",
    },
    "ship_operating_certificate": {},
    "waterway_enterprise": {"business_kinds": "普货"},
    "domestic_waterway_licence": {"valid_from": "2026-01-15", "valid_to": "2030-01-14"},
    "road_transport_staff_assessment": {
        "qualification_kinds": "货物运输", "licence_class": "A2", "points": "0",
        "assess_period": "2025-01-01/2025-12-31", "gender": "女",
    },
    "highway_construction_staff": {},
    "waterway_construction_staff": {},
    "road_transport_enterprise_assessment": {
        "assess_year": "2026", "safety_score": "400", "operation_score": "200",
        "service_score": "150", "social_score": "100", "bonus_score": "10",
        "total_score": "860", "credit_grade": "AAA",
    },
    "highway_construction_enterprise": {"safety_licence_no": "EXA{n:06}"},
    "waterway_construction_enterprise": {"safety_licence_no": "EXA{n:06}"},
    "highway_construction_contractor_score": {
        "assess_year": "2026", "project_name": "示例工程", "total_score": "96",
        "credit_grade": "AA", "bid_score": "96", "perform_score": "96", "other_deduct": "0",
    },
    "waterway_construction_contractor_score": {
        "assess_year": "2026", "project_name": "示例工程", "total_score": "96",
        "credit_grade": "AA", "bid_score": "96", "perform_score": "96", "other_deduct": "0",
    },
    "credit_red_black_list": {"uscc": "{uscc}", "public_state": "公示中"},
}  # fmt: skip
