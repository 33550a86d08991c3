-- layer: dw
-- name: dw_road_vehicle_realtime_position
-- title: 道路运输本省车辆实时定位信息
-- library: theme
-- theme: 综合运输
-- owner: 省交通运输厅
-- keys: vehicle_plate, plate_color, gps_time
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.vehicle_plate,
  s.plate_color,
  s.terminal_id,
  s.gps_time,
  s.recv_time,
  s.lon_wgs84,
  s.lat_wgs84,
  s.altitude_m,
  s.gps_speed_kmh,
  s.recorder_speed_kmh,
  s.heading_deg,
  s.odometer_km,
  s.fix_valid,
  s.acc_on,
  s.alarm_flags,
  s.status_flags,
  s.trade_code,
  s.platform_code,
  s.division_code,
  s.protocol,
  s._load_time AS loaded_at
FROM ods.ods_road_vehicle_realtime_position AS s
QUALIFY row_number() OVER (
  PARTITION BY s.vehicle_plate, s.plate_color, s.gps_time
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
