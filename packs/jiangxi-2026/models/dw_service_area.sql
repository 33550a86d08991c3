-- layer: dw
-- name: dw_service_area
-- title: 服务区信息
-- library: theme
-- theme: 建设管养
-- owner: 省交通运输厅
-- keys: area_code
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.area_code,
  s.area_name,
  s.route_code,
  s.stake,
  s.direction,
  s.lon,
  s.lat,
  s.coord_sys,
  s.division_code,
  s.area_grade,
  s.land_area_m2,
  s.car_spaces,
  s.truck_spaces,
  s.fuel_kinds,
  s.charger_count,
  s.charger_power_kw,
  s.has_restaurant,
  s.has_lodging,
  s.has_repair,
  s.has_driver_home,
  s.has_nursery,
  s.has_barrier_free,
  s.operator_name,
  s.area_state,
  s.has_toilet,
  s._load_time AS loaded_at
FROM ods.ods_service_area AS s
QUALIFY row_number() OVER (
  PARTITION BY s.area_code
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
