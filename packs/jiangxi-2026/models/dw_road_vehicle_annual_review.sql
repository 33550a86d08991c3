-- layer: dw
-- name: dw_road_vehicle_annual_review
-- title: 道路运输车辆年审信息
-- library: theme
-- theme: 综合运输
-- owner: 省交通运输厅
-- keys: review_no
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.review_no,
  s.vehicle_plate,
  s.plate_color,
  s.transport_cert_no,
  s.operator_name,
  s.review_year,
  s.review_date,
  s.review_result,
  s.fail_reason,
  s.violations_cleared,
  s.inspection_report_no,
  s.second_maint_done,
  s.carrier_insurance_valid,
  s.monitor_online,
  s.review_authority,
  s.next_review_date,
  s._load_time AS loaded_at
FROM ods.ods_road_vehicle_annual_review AS s
QUALIFY row_number() OVER (
  PARTITION BY s.review_no
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
