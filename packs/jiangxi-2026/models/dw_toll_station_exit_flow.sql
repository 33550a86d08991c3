-- layer: dw
-- name: dw_toll_station_exit_flow
-- title: 收费站出口车流量
-- library: theme
-- theme: 综合运输
-- owner: 省交通运输厅
-- keys: station_code, stat_date, stat_hour, vehicle_class, media_type
-- clauses: mot-2021-sharing 第十五条
-- incremental: stat_date
-- 每个主键取最近一次报送的一行。
SELECT
  s.station_code,
  s.station_name,
  s.route_code,
  s.stat_date,
  s.stat_hour,
  s.vehicle_class,
  s.media_type,
  s.exit_count,
  s.from_other_province,
  s.avg_distance_km,
  s.avg_truck_mass_t,
  s.overload_count,
  s.division_code,
  s.is_final,
  s._load_time AS loaded_at
FROM ods.ods_toll_station_exit_flow AS s
QUALIFY row_number() OVER (
  PARTITION BY s.station_code, s.stat_date, s.stat_hour, s.vehicle_class, s.media_type
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
