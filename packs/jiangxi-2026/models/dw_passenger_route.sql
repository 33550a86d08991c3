-- layer: dw
-- name: dw_passenger_route
-- title: 客运经营线路
-- library: theme
-- theme: 综合运输
-- owner: 省交通运输厅
-- keys: route_id
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.route_id,
  s.route_name,
  s.route_class,
  s.operator_name,
  s.uscc,
  s.origin_station,
  s.origin_division,
  s.dest_station,
  s.dest_division,
  s.via_stops,
  s.via_roads,
  s.length_km,
  s.daily_trips,
  s.run_mode,
  s.fare_min,
  s.fare_max,
  s.vehicle_count,
  s.valid_to,
  s.route_state,
  s.is_rural,
  s._load_time AS loaded_at
FROM ods.ods_passenger_route AS s
QUALIFY row_number() OVER (
  PARTITION BY s.route_id
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
