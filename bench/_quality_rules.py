"""Fifteen rules over positions (示例), as we say them and as others would write them by hand."""

from typing import Any

DIVISIONS = [f"36{n:02}00" for n in range(1, 12)]
COLORS = ["0", "1", "2", "3", "4", "5", "9", "91", "92", "93", "94"]
PROTOCOLS = ["JT808-2013", "JT808-2019", "JT809-2019"]
PLATE = "[赣粤][A-HJ-NP-Z][A-HJ-NP-Z0-9]{5,6}"
KEYS = ("vehicle_plate", "plate_color")
RANGES = {
    "lon_wgs84": (113.0, 119.0), "lat_wgs84": (24.0, 31.0), "gps_speed_kmh": (0, 120),
    "heading_deg": (0, 359), "altitude_m": (-200, 3000), "odometer_km": (0, 9_999_999),
}  # fmt: skip
CODES = {"plate_color": COLORS, "division_code": DIVISIONS, "protocol": PROTOCOLS}
COLUMNS = ["vehicle_plate", "terminal_id", *RANGES, *CODES]  # of rules that others know, too
FASTEST, METRES, KM = 200, 100.0, 111.195
ORDER = (
    "plate.filled", "plate.shape", "terminal.length", *(f"{name}.range" for name in RANGES),
    *(f"{name}.codes" for name in CODES), "time.late", "key.unique", "pace",
)  # fmt: skip


SHARED = frozenset(ORDER) - {"time.late", "key.unique", "pace"}


def ours() -> list[dict[str, Any]]:
    """Return the rules as data."""
    rules: list[dict[str, Any]] = [
        {"code": "plate.filled", "kind": "not_null", "column": "vehicle_plate"},
        {"code": "plate.shape", "kind": "pattern", "column": "vehicle_plate", "pattern": PLATE},
        {"code": "terminal.length", "kind": "length", "column": "terminal_id", "max": 20},
    ]
    rules += [
        {"code": f"{name}.range", "kind": "range", "column": name, "min": low, "max": high}
        for name, (low, high) in RANGES.items()
    ]
    rules += [
        {"code": f"{name}.codes", "kind": "codes", "column": name, "codes": codes}
        for name, codes in CODES.items()
    ]
    rules += [
        {"code": "time.late", "kind": "not_after", "columns": ["gps_time"], "other": "recv_time",
         "seconds": 60},
        {"code": "key.unique", "kind": "unique", "columns": [*KEYS, "gps_time"]},
        {"code": "pace", "kind": "speed", "columns": list(KEYS), "time": "gps_time",
         "lon": "lon_wgs84", "lat": "lat_wgs84", "max": FASTEST, "metres": METRES},
    ]  # fmt: skip
    return [{"title": "示例", **rule} for rule in rules]


def row_predicates() -> dict[str, str]:
    """Return the SQL of a wrong row for the thirteen rules that look at one row."""
    found = {
        "plate.filled": "vehicle_plate IS NULL OR trim(vehicle_plate) = ''",
        "plate.shape": f"NOT regexp_full_match(vehicle_plate, '{PLATE}')",
        "terminal.length": "length(terminal_id) > 20",
    }
    found |= {f"{n}.range": f"{n} < {low} OR {n} > {high}" for n, (low, high) in RANGES.items()}
    found |= {
        f"{name}.codes": f"{name} NOT IN ({', '.join(repr(code) for code in codes)})"
        for name, codes in CODES.items()
    }
    found["time.late"] = "gps_time > recv_time + INTERVAL 60 SECONDS"
    return found


def pace() -> str:
    """Return the SQL of a fix that could not have been reached from the one before."""
    east = f"((lon - lon0) * {KM} * cos(radians(lat0)))"
    north = f"((lat - lat0) * {KM})"
    reach = f"(date_diff('second', time0, gps_time) * {FASTEST / 3600} + {METRES / 1000})"
    return f"{east} * {east} + {north} * {north} > {reach} * {reach}"


WINDOW = """SELECT gps_time, time0, lon::DOUBLE AS lon, lat::DOUBLE AS lat,
    lon0::DOUBLE AS lon0, lat0::DOUBLE AS lat0
    FROM (SELECT gps_time, lon_wgs84 AS lon, lat_wgs84 AS lat, lag(gps_time) OVER w AS time0,
        lag(lon_wgs84) OVER w AS lon0, lag(lat_wgs84) OVER w AS lat0
        FROM t WINDOW w AS (PARTITION BY vehicle_plate, plate_color ORDER BY gps_time))"""


def best() -> list[str]:
    """Return the best plan we could write by hand: columns that prune by themselves, one sort."""
    rows = row_predicates()
    fused = [code for code in rows if code in {"plate.filled", "plate.shape"}]
    return [
        "SELECT " + ", ".join(f'count(*) FILTER (WHERE {rows[c]}) AS "{c}"' for c in fused)
        + " FROM t",
        *(f'SELECT count(*) AS "{code}" FROM t WHERE {rows[code]}'
          for code in rows if code not in fused),
        f'SELECT count(*) FILTER (WHERE gps_time = time0) AS "key.unique",'
        f' count(*) FILTER (WHERE {pace()}) AS "pace" FROM ({WINDOW})',
    ]  # fmt: skip


def naive() -> list[str]:
    """Return everything in one query, as it is written at first."""
    rows = row_predicates()
    counts = [f'count(*) FILTER (WHERE {sql}) AS "{code}"' for code, sql in rows.items()]
    distinct = "count(DISTINCT (vehicle_plate, plate_color, gps_time))"
    counts.append(f'count(*) - {distinct} AS "key.unique"')
    lagged = ("*, lon_wgs84::DOUBLE AS lon, lat_wgs84::DOUBLE AS lat,"
              " lag(gps_time) OVER w AS time0, lag(lon_wgs84::DOUBLE) OVER w AS lon0,"
              " lag(lat_wgs84::DOUBLE) OVER w AS lat0")  # fmt: skip
    over = "WINDOW w AS (PARTITION BY vehicle_plate, plate_color ORDER BY gps_time)"
    counts.append(f'count(*) FILTER (WHERE {pace()}) AS "pace"')
    return [f"SELECT {', '.join(counts)} FROM (SELECT {lagged} FROM t {over})"]
