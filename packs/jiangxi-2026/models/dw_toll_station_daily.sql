-- layer: dw
-- name: dw_toll_station_daily
-- title: 收费站入口日车流量
-- library: theme
-- theme: 综合运输
-- owner: 省交通运输厅
-- keys: station_code, stat_date, vehicle_class, media_type
-- clauses: mot-2021-sharing 第十条
-- incremental: stat_date
SELECT f.station_code, f.stat_date, f.vehicle_class, f.media_type,
  count(*) FILTER (WHERE f.stat_hour < 24) AS hours,
  sum(f.entry_count) FILTER (WHERE f.stat_hour < 24) AS hourly_sum,
  max(f.entry_count) FILTER (WHERE f.stat_hour = 99) AS daily_count,
  round(100.0 * count(*) FILTER (WHERE f.stat_hour < 24) / 24, 1) AS completeness
FROM dw.dw_toll_station_entry_flow AS f
GROUP BY f.station_code, f.stat_date, f.vehicle_class, f.media_type
