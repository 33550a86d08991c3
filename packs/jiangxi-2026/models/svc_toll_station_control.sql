-- layer: svc
-- name: svc_toll_station_control
-- title: 收费站管制信息
-- library: service
-- owner: 省交通运输厅
-- keys: control_id
-- clauses: mot-2021-sharing 第十条
SELECT
  d.control_id,
  d.station_code,
  d.station_name,
  d.route_code,
  d.control_side,
  d.control_measure,
  d.vehicle_limits,
  d.control_reason,
  d.start_time,
  d.expect_end,
  d.actual_end,
  d.control_state,
  d.detour_text,
  d.publisher_name,
  d.update_time
FROM dw.dw_toll_station_control AS d
