-- layer: svc
-- name: svc_road_vehicle_realtime_position
-- title: 道路运输本省车辆实时定位信息
-- library: service
-- owner: 省交通运输厅
-- keys: vehicle_plate, plate_color, gps_time
-- clauses: mot-2021-sharing 第十条
SELECT
  d.vehicle_plate,
  d.plate_color,
  d.terminal_id,
  d.gps_time,
  d.recv_time,
  d.lon_wgs84,
  d.lat_wgs84,
  d.altitude_m,
  d.gps_speed_kmh,
  d.recorder_speed_kmh,
  d.heading_deg,
  d.odometer_km,
  d.fix_valid,
  d.acc_on,
  d.alarm_flags,
  d.status_flags,
  d.trade_code,
  d.platform_code,
  d.division_code,
  d.protocol
FROM dw.dw_road_vehicle_realtime_position AS d
