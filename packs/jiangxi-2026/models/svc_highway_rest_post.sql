-- layer: svc
-- name: svc_highway_rest_post
-- title: 公路驿站信息
-- library: service
-- owner: 省交通运输厅
-- keys: post_code
-- clauses: mot-2021-sharing 第十条
SELECT
  d.post_code,
  d.post_name,
  d.route_code,
  d.stake,
  d.direction,
  d.lon,
  d.lat,
  d.coord_sys,
  d.division_code,
  d.post_type,
  d.parking_spaces,
  d.has_toilet,
  d.charger_count,
  d.services,
  d.open_hours,
  d.manager_name,
  d.phone,
  d.built_date
FROM dw.dw_highway_rest_post AS d
