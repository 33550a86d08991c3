-- layer: dw
-- name: dw_traffic_event_fused
-- title: 融合后的交通突发事件
-- library: theme
-- theme: 安全应急
-- owner: 省交通运输厅
-- keys: event_id
-- clauses: mot-2021-sharing 第十条
-- 不同来源、同一类型、半小时内、五百米内的报告是同一个事件（时间和距离为约定，待确认）。
-- 以最早的报告为事件，其余报告并入离它们最早的事件，不逐个传递；状态取最近一次报告的。
WITH near AS (
  SELECT a.event_id, b.event_id AS other_id, b.occur_time AS other_time
  FROM dw.dw_traffic_emergency_event AS a
  JOIN dw.dw_traffic_emergency_event AS b
    ON a.event_type = b.event_type AND a.info_source <> b.info_source
    AND abs(date_diff('second', a.occur_time, b.occur_time)) <= 1800
    AND abs(a.lat - b.lat) < 0.01 AND abs(a.lon - b.lon) < 0.01
    AND sqrt(power((a.lat - b.lat) * 111195, 2)
      + power((a.lon - b.lon) * 111195 * cos(radians(a.lat)), 2)) <= 500
    AND (b.occur_time, b.event_id) < (a.occur_time, a.event_id)
),
joined AS (
  SELECT n.event_id, first(n.other_id ORDER BY n.other_time, n.other_id) AS head_id
  FROM near AS n
  WHERE n.other_id NOT IN (SELECT x.event_id FROM near AS x)
  GROUP BY n.event_id
),
grouped AS (
  SELECT e.event_id, coalesce(j.head_id, e.event_id) AS head_id
  FROM dw.dw_traffic_emergency_event AS e LEFT JOIN joined AS j ON j.event_id = e.event_id
)
SELECT g.head_id AS event_id,
  string_agg(e.event_id, ',' ORDER BY e.occur_time, e.event_id) AS event_ids,
  string_agg(e.info_source, ',' ORDER BY e.occur_time, e.event_id) AS info_sources,
  first(e.event_type ORDER BY e.occur_time, e.event_id) AS event_type,
  last(e.event_level ORDER BY e.report_time, e.event_id) AS event_level,
  first(e.mode ORDER BY e.occur_time, e.event_id) AS mode,
  first(e.route_code ORDER BY e.occur_time, e.event_id) AS route_code,
  first(e.stake ORDER BY e.occur_time, e.event_id) AS stake,
  first(e.direction ORDER BY e.occur_time, e.event_id) AS direction,
  first(e.lon ORDER BY e.occur_time, e.event_id) AS lon,
  first(e.lat ORDER BY e.occur_time, e.event_id) AS lat,
  first(e.division_code ORDER BY e.occur_time, e.event_id) AS division_code,
  min(e.occur_time) AS occur_time,
  last(e.expect_restore ORDER BY e.report_time, e.event_id) AS expect_restore,
  max(e.end_time) AS end_time,
  last(e.lanes_blocked ORDER BY e.report_time, e.event_id) AS lanes_blocked,
  last(e.queue_km ORDER BY e.report_time, e.event_id) AS queue_km,
  max(e.deaths) AS deaths,
  max(e.injuries) AS injuries,
  last(e.event_state ORDER BY e.report_time, e.loaded_at, e.event_id) AS event_state
FROM grouped AS g JOIN dw.dw_traffic_emergency_event AS e ON e.event_id = g.event_id
GROUP BY g.head_id
