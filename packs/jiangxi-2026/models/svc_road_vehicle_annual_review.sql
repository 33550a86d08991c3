-- layer: svc
-- name: svc_road_vehicle_annual_review
-- title: 道路运输车辆年审信息
-- library: service
-- owner: 省交通运输厅
-- keys: review_no
-- clauses: mot-2021-sharing 第十条
SELECT
  d.review_no,
  d.vehicle_plate,
  d.plate_color,
  d.transport_cert_no,
  d.operator_name,
  d.review_year,
  d.review_date,
  d.review_result,
  d.fail_reason,
  d.violations_cleared,
  d.inspection_report_no,
  d.second_maint_done,
  d.carrier_insurance_valid,
  d.monitor_online,
  d.review_authority,
  d.next_review_date
FROM dw.dw_road_vehicle_annual_review AS d
