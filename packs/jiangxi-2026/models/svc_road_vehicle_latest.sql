-- layer: svc
-- name: svc_road_vehicle_latest
-- title: 车辆最新定位
-- library: service
-- owner: 省交通运输厅
-- keys: vehicle_plate, plate_color
-- clauses: mot-2021-sharing 第十条
SELECT d.vehicle_plate, d.plate_color, d.gps_time, d.recv_time, d.lon_wgs84, d.lat_wgs84,
  d.gps_speed_kmh, d.heading_deg, d.odometer_km, d.fix_valid, d.acc_on, d.trade_code,
  d.platform_code, d.division_code, d.protocol
FROM dw.dw_road_vehicle_realtime_position AS d
QUALIFY row_number() OVER (
  PARTITION BY d.vehicle_plate, d.plate_color ORDER BY d.gps_time DESC, d.recv_time DESC
) = 1
