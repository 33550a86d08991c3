-- layer: dw
-- name: dw_traffic_emergency_event
-- title: 交通突发事件
-- library: theme
-- theme: 安全应急
-- owner: 省交通运输厅
-- keys: event_id
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.event_id,
  s.event_type,
  s.event_level,
  s.mode,
  s.route_code,
  s.stake,
  s.direction,
  s.lon,
  s.lat,
  s.division_code,
  s.occur_time,
  s.report_time,
  s.expect_restore,
  s.end_time,
  s.lanes_blocked,
  s.queue_km,
  s.deaths,
  s.injuries,
  s.hazmat_involved,
  s.un_no,
  s.handling_unit,
  s.description,
  s.info_source,
  s.event_state,
  s._load_time AS loaded_at
FROM ods.ods_traffic_emergency_event AS s
QUALIFY row_number() OVER (
  PARTITION BY s.event_id
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
