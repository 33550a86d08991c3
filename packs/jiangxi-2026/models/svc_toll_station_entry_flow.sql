-- layer: svc
-- name: svc_toll_station_entry_flow
-- title: 收费站入口车流量
-- library: service
-- owner: 省交通运输厅
-- keys: station_code, stat_date, stat_hour, vehicle_class, media_type
-- clauses: mot-2021-sharing 第十条
SELECT
  d.station_code,
  d.station_name,
  d.route_code,
  d.stat_date,
  d.stat_hour,
  d.vehicle_class,
  d.media_type,
  d.entry_count,
  d.nev_count,
  d.green_channel_count,
  d.division_code,
  d.is_final
FROM dw.dw_toll_station_entry_flow AS d
