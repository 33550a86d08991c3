-- layer: dw
-- name: dw_parking_area
-- title: 停车区信息
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
  s.route_name,
  s.stake,
  s.direction,
  s.lon,
  s.lat,
  s.coord_sys,
  s.division_code,
  s.car_spaces,
  s.truck_spaces,
  s.hazmat_spaces,
  s.has_fuel,
  s.charger_count,
  s.has_toilet,
  s.is_open,
  s.manager_name,
  s._load_time AS loaded_at
FROM ods.ods_parking_area AS s
QUALIFY row_number() OVER (
  PARTITION BY s.area_code
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
