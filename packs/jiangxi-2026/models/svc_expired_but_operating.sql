-- layer: svc
-- name: svc_expired_but_operating
-- title: 证件过期仍在营运的车辆
-- library: topic
-- topic: 重点监管
-- owner: 省交通运输厅
-- keys: transport_cert_no
-- clauses: mot-2021-sharing 第十条
-- 道路运输证已过期，而最近 24 小时（以最新定位为准）内仍有定位的车辆。
WITH seen AS (
  SELECT p.vehicle_plate, p.plate_color, max(p.gps_time) AS last_seen, count(*) AS positions
  FROM dw.dw_road_vehicle_realtime_position AS p
  WHERE p.gps_time > (
    SELECT max(q.gps_time) FROM dw.dw_road_vehicle_realtime_position AS q
  ) - INTERVAL 24 HOURS
  GROUP BY p.vehicle_plate, p.plate_color
)
SELECT c.transport_cert_no, c.vehicle_plate, c.plate_color, c.operator_name, c.valid_to,
  seen.last_seen, seen.positions
FROM dw.dw_road_transport_certificate AS c
JOIN seen ON seen.vehicle_plate = c.vehicle_plate AND seen.plate_color = c.plate_color
WHERE c.valid_to < CAST(seen.last_seen AS DATE)
