-- layer: dw
-- name: dw_toll_station_control
-- title: 收费站管制信息
-- library: theme
-- theme: 建设管养
-- owner: 省交通运输厅
-- keys: control_id
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.control_id,
  s.station_code,
  s.station_name,
  s.route_code,
  s.control_side,
  s.control_measure,
  s.vehicle_limits,
  s.control_reason,
  s.start_time,
  s.expect_end,
  s.actual_end,
  s.control_state,
  s.detour_text,
  s.publisher_name,
  s.update_time,
  s._load_time AS loaded_at
FROM ods.ods_toll_station_control AS s
QUALIFY row_number() OVER (
  PARTITION BY s.control_id
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
