-- layer: svc
-- name: svc_ship_certificate_due
-- title: 三十天内到期的船舶营运证
-- library: topic
-- owner: 省交通运输厅
-- keys: cert_no
-- clauses: mot-2021-sharing 第十条
-- 以最近一次报送的日期为准：模型不读时钟。
WITH asof AS (
  SELECT CAST(max(loaded_at) AT TIME ZONE 'Asia/Shanghai' AS DATE) AS day FROM dw.dw_ship_operating_certificate
)
SELECT d.cert_no, d.ship_name, d.ship_id_no, d.operator_name, d.valid_to,
  date_diff('day', asof.day, d.valid_to) AS days_left
FROM dw.dw_ship_operating_certificate AS d CROSS JOIN asof
WHERE d.valid_to >= asof.day AND d.valid_to <= asof.day + 30
