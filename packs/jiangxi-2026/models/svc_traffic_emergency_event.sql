-- layer: svc
-- name: svc_traffic_emergency_event
-- title: 交通突发事件
-- library: service
-- owner: 省交通运输厅
-- keys: event_id
-- clauses: mot-2021-sharing 第十条
SELECT
  d.event_id,
  d.event_type,
  d.event_level,
  d.mode,
  d.route_code,
  d.stake,
  d.direction,
  d.lon,
  d.lat,
  d.division_code,
  d.occur_time,
  d.report_time,
  d.expect_restore,
  d.end_time,
  d.lanes_blocked,
  d.queue_km,
  d.deaths,
  d.injuries,
  d.hazmat_involved,
  d.un_no,
  d.handling_unit,
  d.description,
  d.info_source,
  d.event_state
FROM dw.dw_traffic_emergency_event AS d
