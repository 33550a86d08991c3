-- layer: svc
-- name: svc_traffic_event_public
-- title: 对公众推送的交通突发事件
-- library: service
-- owner: 省交通运输厅
-- keys: event_id
-- clauses: mot-2021-sharing 第十条
-- 融合后的事件；不含伤亡、危化品、处置单位和描述。误报不推送。
SELECT d.event_id, d.event_ids, d.event_type, d.event_level, d.mode, d.route_code, d.stake, d.direction,
  d.lon, d.lat, d.division_code, d.occur_time, d.expect_restore, d.end_time, d.lanes_blocked,
  d.queue_km, d.event_state
FROM dw.dw_traffic_event_fused AS d
WHERE d.event_state <> '误报'
