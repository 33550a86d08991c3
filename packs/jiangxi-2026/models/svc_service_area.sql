-- layer: svc
-- name: svc_service_area
-- title: 服务区信息
-- library: service
-- owner: 省交通运输厅
-- keys: area_code
-- clauses: mot-2021-sharing 第十条
SELECT
  d.area_code,
  d.area_name,
  d.route_code,
  d.stake,
  d.direction,
  d.lon,
  d.lat,
  d.coord_sys,
  d.division_code,
  d.area_grade,
  d.land_area_m2,
  d.car_spaces,
  d.truck_spaces,
  d.fuel_kinds,
  d.charger_count,
  d.charger_power_kw,
  d.has_restaurant,
  d.has_lodging,
  d.has_repair,
  d.has_driver_home,
  d.has_nursery,
  d.has_barrier_free,
  d.operator_name,
  d.area_state,
  d.has_toilet
FROM dw.dw_service_area AS d
