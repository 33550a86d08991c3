-- layer: svc
-- name: svc_road_vehicle_overdue_review
-- title: 逾期未年审车辆
-- library: topic
-- owner: 省交通运输厅
-- keys: review_no
-- clauses: mot-2021-sharing 第十条
-- 以最近一次报送的日期为准：模型不读时钟。同一车辆只看最近一次审验。
WITH asof AS (
  SELECT CAST(max(loaded_at) AT TIME ZONE 'Asia/Shanghai' AS DATE) AS day FROM dw.dw_road_vehicle_annual_review
)
SELECT d.review_no, d.vehicle_plate, d.plate_color, d.transport_cert_no, d.operator_name,
  d.review_date, d.next_review_date, asof.day AS as_of
FROM dw.dw_road_vehicle_annual_review AS d CROSS JOIN asof
WHERE d.next_review_date < asof.day
QUALIFY row_number() OVER (
  PARTITION BY d.vehicle_plate, d.plate_color ORDER BY d.review_date DESC, d.review_no DESC
) = 1
