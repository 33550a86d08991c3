-- layer: svc
-- name: svc_road_vehicle_overdue_review
-- title: 逾期未年审车辆
-- library: topic
-- topic: 重点监管
-- owner: 省交通运输厅
-- keys: review_no
-- clauses: mot-2021-sharing 第十条
-- moment: day
-- 以运行之日为准。同一车辆只看最近一次审验。
WITH newest AS (
  SELECT r.review_no, r.vehicle_plate, r.plate_color, r.transport_cert_no, r.operator_name,
    r.review_date, r.next_review_date
  FROM dw.dw_road_vehicle_annual_review AS r
  QUALIFY row_number() OVER (
    PARTITION BY r.vehicle_plate, r.plate_color ORDER BY r.review_date DESC, r.review_no DESC
  ) = 1
)
SELECT n.review_no, n.vehicle_plate, n.plate_color, n.transport_cert_no, n.operator_name,
  n.review_date, n.next_review_date
FROM newest AS n
WHERE n.next_review_date < CAST($moment AS DATE)
