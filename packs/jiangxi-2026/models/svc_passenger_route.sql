-- layer: svc
-- name: svc_passenger_route
-- title: 客运经营线路
-- library: service
-- owner: 省交通运输厅
-- keys: route_id
-- clauses: mot-2021-sharing 第十条
SELECT
  d.route_id,
  d.route_name,
  d.route_class,
  d.operator_name,
  d.uscc,
  d.origin_station,
  d.origin_division,
  d.dest_station,
  d.dest_division,
  d.via_stops,
  d.via_roads,
  d.length_km,
  d.daily_trips,
  d.run_mode,
  d.fare_min,
  d.fare_max,
  d.vehicle_count,
  d.valid_to,
  d.route_state,
  d.is_rural
FROM dw.dw_passenger_route AS d
