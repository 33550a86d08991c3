-- layer: dw
-- name: dw_maintenance_work_event
-- title: 养护施工事件信息
-- library: theme
-- theme: 建设管养
-- owner: 省交通运输厅
-- keys: event_id
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.event_id,
  s.route_code,
  s.route_name,
  s.stake_from,
  s.stake_to,
  s.direction,
  s.lon_from,
  s.lat_from,
  s.lon_to,
  s.lat_to,
  s.work_type,
  s.work_content,
  s.lanes_closed,
  s.traffic_measure,
  s.plan_start,
  s.plan_end,
  s.actual_start,
  s.actual_end,
  s.detour_text,
  s.speed_limit_kmh,
  s.contractor_name,
  s.site_phone,
  s.event_state,
  s.update_time,
  s._load_time AS loaded_at
FROM ods.ods_maintenance_work_event AS s
QUALIFY row_number() OVER (
  PARTITION BY s.event_id
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
