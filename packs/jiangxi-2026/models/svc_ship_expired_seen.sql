-- layer: svc
-- name: svc_ship_expired_seen
-- title: 营运证过期仍在航行的船舶
-- library: topic
-- topic: 重点监管
-- owner: 省交通运输厅
-- keys: ship_id_no
-- clauses: mot-2021-sharing 第十条
-- 营运证在位置出现之日已过期；同一船舶取有效期最晚的营运证。
WITH newest AS (
  SELECT c.ship_id_no, c.cert_no, c.ship_name, c.operator_name, c.valid_to
  FROM dw.dw_ship_operating_certificate AS c
  QUALIFY row_number() OVER (PARTITION BY c.ship_id_no ORDER BY c.valid_to DESC, c.cert_no DESC) = 1
)
SELECT n.ship_id_no, n.cert_no, n.ship_name, n.operator_name, n.valid_to, p.mmsi, p.lon, p.lat,
  p.seen_time
FROM newest AS n
JOIN dw.dw_ship_basic AS b ON b.ship_id_no = n.ship_id_no
JOIN dw.dw_ship_position AS p ON p.mmsi = b.mmsi
WHERE n.valid_to < CAST(p.seen_time AS DATE)
