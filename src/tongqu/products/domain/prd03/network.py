"""The SQL of the toll network: nodes, edges, and what is closed at a moment.

Views: ``stations`` and ``controls``, the open sets as they are released; ``shutting``, what
``SHUTTING`` found.
"""

JOINT_KM, ROUNDABOUT = 15, 1.3
_KM = """
6371 * 2 * asin(sqrt(
  pow(sin(radians(b.lat - a.lat) / 2), 2)
  + cos(radians(a.lat)) * cos(radians(b.lat)) * pow(sin(radians(b.lon - a.lon) / 2), 2)))
"""
# K123+456 is 123.456 km from the route's beginning.
_PLACED = """
placed AS (
  SELECT station_code AS code, station_name AS name, route_code AS route,
    CAST(lon AS DOUBLE) AS lon, CAST(lat AS DOUBLE) AS lat, entry_lanes, exit_lanes,
    TRY_CAST(regexp_extract(stake, '^K([0-9]+)', 1) AS DOUBLE)
      + coalesce(TRY_CAST(regexp_extract(stake, '[+]([0-9]+)$', 1) AS DOUBLE), 0) / 1000 AS at_km
  FROM stations
  WHERE station_state = '运营' AND lon IS NOT NULL AND lat IS NOT NULL
)
"""
# Grain: one row a station in operation. Order: by code.
NODES = f"""
WITH {_PLACED}
SELECT code, name, route, lon, lat, entry_lanes, exit_lanes FROM placed ORDER BY code
"""  # noqa: S608  # constants of this module

# Grain: one row a pair of neighbours, in one direction; both are meant. Units: km.
EDGES = f"""
WITH {_PLACED},
along AS (
  SELECT code AS a, lead(code) OVER w AS b, lead(at_km) OVER w - at_km AS km
  FROM placed WHERE at_km IS NOT NULL
  WINDOW w AS (PARTITION BY route ORDER BY at_km, code)
),
near AS (
  SELECT a.code AS a, b.code AS b, {_KM} AS km,
    row_number() OVER (PARTITION BY a.route, b.route ORDER BY {_KM}, a.code, b.code) AS n
  FROM placed AS a JOIN placed AS b ON a.route < b.route
)
SELECT a, b, km FROM along WHERE b IS NOT NULL
UNION ALL
SELECT a, b, km * {ROUNDABOUT} AS km FROM near WHERE n = 1 AND km <= {JOINT_KM}
"""  # noqa: S608  # constants of this module

# Grain: one row a control that shuts a side of a station for somebody at some time.
SHUTTING = """
SELECT station_code, station_name, control_id, control_side, start_time, actual_end,
  control_state, control_measure, vehicle_limits
FROM controls WHERE control_measure IN ('关闭', '分车型禁行')
"""

# Grain: one row a control that shuts a side of a station at ``$moment`` for ``$vehicle``.
# A control holds until its lift message, not until the time at which a lift was expected.
CLOSED = """
SELECT station_code AS code, station_name AS name, control_id AS control, control_side AS side,
  start_time AS since
FROM shutting
WHERE start_time <= $moment
  AND (control_state <> '解除' OR actual_end > $moment)
  AND (control_measure = '关闭' OR (control_measure = '分车型禁行'
    AND (list_contains(string_split(vehicle_limits, ','), $vehicle)
      OR list_contains(string_split(vehicle_limits, ','), '全部'))))
ORDER BY code, since, control
"""
