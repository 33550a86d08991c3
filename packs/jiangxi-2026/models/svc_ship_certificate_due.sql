-- layer: svc
-- name: svc_ship_certificate_due
-- title: 三十天内到期的船舶营运证
-- library: topic
-- topic: 重点监管
-- owner: 省交通运输厅
-- keys: cert_no
-- clauses: mot-2021-sharing 第十条
-- moment: day
-- 以运行之日为准。
SELECT d.cert_no, d.ship_name, d.ship_id_no, d.operator_name, d.valid_to,
  date_diff('day', CAST($moment AS DATE), d.valid_to) AS days_left
FROM dw.dw_ship_operating_certificate AS d
WHERE d.valid_to >= CAST($moment AS DATE) AND d.valid_to <= CAST($moment AS DATE) + 30
