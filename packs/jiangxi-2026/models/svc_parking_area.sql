-- layer: svc
-- name: svc_parking_area
-- title: 停车区信息
-- library: service
-- owner: 省交通运输厅
-- keys: area_code
-- clauses: mot-2021-sharing 第十条
SELECT
  d.area_code,
  d.area_name,
  d.route_code,
  d.route_name,
  d.stake,
  d.direction,
  d.lon,
  d.lat,
  d.coord_sys,
  d.division_code,
  d.car_spaces,
  d.truck_spaces,
  d.hazmat_spaces,
  d.has_fuel,
  d.charger_count,
  d.has_toilet,
  d.is_open,
  d.manager_name
FROM dw.dw_parking_area AS d
