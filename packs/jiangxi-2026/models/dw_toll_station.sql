-- layer: dw
-- name: dw_toll_station
-- title: 收费站信息
-- library: base
-- owner: 省交通运输厅
-- keys: station_code
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.station_code,
  s.station_name,
  s.section_name,
  s.route_code,
  s.stake,
  s.station_type,
  s.entry_lanes,
  s.exit_lanes,
  s.etc_lanes,
  s.weigh_lanes,
  s.lon,
  s.lat,
  s.coord_sys,
  s.division_code,
  s.height_limit_m,
  s.operator_name,
  s.phone,
  s.open_date,
  s.station_state,
  s._load_time AS loaded_at
FROM ods.ods_toll_station AS s
QUALIFY row_number() OVER (
  PARTITION BY s.station_code
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
