"""How many rows each of the 35 tables gets: the others in proportion to the positions."""

from collections.abc import Mapping

POSITIONS = "road_vehicle_realtime_position"
LEAST, MOST = 1_000, 100_000_000
DAYS = 7  # of toll flows
PER_SQUARE = 25 * DAYS  # rows of one station, class and medium: 24 hours and their sum a day
BY_PARAMETER = {  # parameter → tables with one row each
    "operators": ("road_transport_operator", "road_transport_operating_licence"),
    "vehicles": (
        "road_vehicle_basic", "road_transport_certificate", "road_vehicle_inspection_grading",
        "road_vehicle_annual_review",
    ),
    "permits": ("oversize_transport_permit_application",),
    "passenger_routes": ("passenger_route",),
    "flows": ("toll_station_entry_flow", "toll_station_exit_flow"),
    "posts": ("highway_rest_post",),
    "areas": ("parking_area",),
    "stations": ("toll_station",),
    "services": ("service_area",),
    "works": ("maintenance_work_event",),
    "controls": ("toll_station_control",),
    "events": ("traffic_emergency_event",),
    "cases": ("enforcement_case", "case_party"),
    "ship_cases": ("case_ship",),
    "vehicle_cases": ("case_vehicle",),
    "ships": ("ship_basic", "ship_operating_certificate"),
    "firms": ("waterway_enterprise", "domestic_waterway_licence"),
    "staff": ("road_transport_staff_assessment",),
    "highway_staff": ("highway_construction_staff",),
    "waterway_staff": ("waterway_construction_staff",),
    "assessments": ("road_transport_enterprise_assessment",),
    "highway_builders": ("highway_construction_enterprise",),
    "highway_scores": ("highway_construction_contractor_score",),
    "waterway_builders": ("waterway_construction_enterprise",),
    "waterway_scores": ("waterway_construction_contractor_score",),
    "credit": ("credit_red_black_list",),
}  # fmt: skip
# Rows in the smallest set (1,000 positions) and the most there ever are: a province has so many.
BOUNDS = {
    "permits": (200, 100_000), "passenger_routes": (150, 5_000), "posts": (40, 480),
    "areas": (40, 480), "stations": (20, 600), "services": (48, 480), "works": (100, 20_000),
    "controls": (60, 20_000), "events": (100, 50_000), "ships": (120, 20_000),
    "firms": (20, 2_000), "staff": (300, 300_000), "highway_staff": (150, 60_000),
    "waterway_staff": (80, 20_000), "highway_builders": (60, 6_000),
    "highway_scores": (120, 12_000), "waterway_builders": (40, 2_000),
    "waterway_scores": (80, 4_000), "credit": (100, 50_000),
}  # fmt: skip


def parameters(rows: int) -> dict[str, int]:
    """Return what the SQL is told: sizes, and the time between two fixes of one vehicle."""
    vehicles = min(max(500, rows // 200 // 20 * 20), 300_000)
    found = {"vehicles": vehicles, "operators": vehicles // 5 // 4 * 4, "days": DAYS}
    for name, (least, most) in BOUNDS.items():
        found[name] = min(least * vehicles // 500, most)
    found["cases"] = min(300 * vehicles // 500 // 6 * 6, 300_000)
    found["ship_cases"], found["vehicle_cases"] = found["cases"] // 6, found["cases"] // 6 * 4
    found["assessments"] = found["operators"] // 4 * 3
    squares = found["stations"] * min(max(2, vehicles // 5_000), 32)
    found["flows"] = squares * PER_SQUARE
    fixes = -(-rows // vehicles)
    found["step"] = min(30, max(1, 80_000 // fixes))
    found["span"] = (fixes - 1) * found["step"]
    return found


def tables(rows: int) -> Mapping[str, int]:
    """Return slug → rows of all 35 tables."""
    sizes = parameters(rows)
    counts = {slug: sizes[name] for name, slugs in BY_PARAMETER.items() for slug in slugs}
    return {POSITIONS: rows, **counts}
