-- layer: dw
-- name: dw_highway_rest_post
-- title: 公路驿站信息
-- library: theme
-- theme: 建设管养
-- owner: 省交通运输厅
-- keys: post_code
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.post_code,
  s.post_name,
  s.route_code,
  s.stake,
  s.direction,
  s.lon,
  s.lat,
  s.coord_sys,
  s.division_code,
  s.post_type,
  s.parking_spaces,
  s.has_toilet,
  s.charger_count,
  s.services,
  s.open_hours,
  s.manager_name,
  s.phone,
  s.built_date,
  s._load_time AS loaded_at
FROM ods.ods_highway_rest_post AS s
QUALIFY row_number() OVER (
  PARTITION BY s.post_code
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
