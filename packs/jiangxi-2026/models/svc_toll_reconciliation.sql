-- layer: svc
-- name: svc_toll_reconciliation
-- title: 收费站出入口流量差异
-- library: topic
-- topic: 路网监测
-- owner: 省交通运输厅
-- keys: station_code, week_to
-- clauses: mot-2021-sharing 第十条
-- 七天内全省出入口总量相差超过 5% 时，列出各站的差额，由大到小核对（5% 为约定，待确认）。
WITH span AS (
  SELECT max(x.stat_date) AS week_to FROM dw.dw_toll_station_entry_flow AS x
),
entries AS (
  SELECT e.station_code, sum(e.entry_count) AS entry_count
  FROM dw.dw_toll_station_entry_flow AS e CROSS JOIN span
  WHERE e.stat_hour < 24 AND e.stat_date > span.week_to - 7 GROUP BY e.station_code
),
leaving AS (
  SELECT o.station_code, sum(o.exit_count) AS exit_count
  FROM dw.dw_toll_station_exit_flow AS o CROSS JOIN span
  WHERE o.stat_hour < 24 AND o.stat_date > span.week_to - 7 AND o.stat_date <= span.week_to
  GROUP BY o.station_code
),
both_ways AS (
  SELECT coalesce(entries.station_code, leaving.station_code) AS station_code,
    coalesce(entries.entry_count, 0) AS entry_count, coalesce(leaving.exit_count, 0) AS exit_count
  FROM entries FULL JOIN leaving ON entries.station_code = leaving.station_code
),
province AS (
  SELECT sum(b.entry_count) AS came, sum(b.exit_count) AS went FROM both_ways AS b
)
SELECT b.station_code, span.week_to, b.entry_count, b.exit_count,
  b.entry_count - b.exit_count AS difference,
  round(abs(province.came - province.went) / greatest(province.came, province.went), 4) AS share
FROM both_ways AS b CROSS JOIN province CROSS JOIN span
WHERE abs(province.came - province.went) > 0.05 * greatest(province.came, province.went)
  AND b.entry_count <> b.exit_count
