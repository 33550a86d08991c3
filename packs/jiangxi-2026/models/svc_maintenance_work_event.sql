-- layer: svc
-- name: svc_maintenance_work_event
-- title: 养护施工事件信息
-- library: service
-- owner: 省交通运输厅
-- keys: event_id
-- clauses: mot-2021-sharing 第十条
-- moment: minute
-- 计划结束两小时后仍没有结束消息的，转为待确认（两小时为约定，待确认）。
SELECT
  d.event_id,
  d.route_code,
  d.route_name,
  d.stake_from,
  d.stake_to,
  d.direction,
  d.lon_from,
  d.lat_from,
  d.lon_to,
  d.lat_to,
  d.work_type,
  d.work_content,
  d.lanes_closed,
  d.traffic_measure,
  d.plan_start,
  d.plan_end,
  d.actual_start,
  d.actual_end,
  d.detour_text,
  d.speed_limit_kmh,
  d.contractor_name,
  d.site_phone,
  CASE
    WHEN d.event_state IN ('计划', '进行') AND d.actual_end IS NULL
      AND CAST($moment AS TIMESTAMP) > d.plan_end + INTERVAL 2 HOURS THEN '待确认'
    ELSE d.event_state
  END AS event_state,
  d.update_time
FROM dw.dw_maintenance_work_event AS d
