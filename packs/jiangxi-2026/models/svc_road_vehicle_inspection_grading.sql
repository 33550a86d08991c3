-- layer: svc
-- name: svc_road_vehicle_inspection_grading
-- title: 道路运输车辆检测评定信息
-- library: service
-- owner: 省交通运输厅
-- keys: inspection_report_no
-- clauses: mot-2021-sharing 第十条
SELECT
  d.inspection_report_no,
  d.vehicle_plate,
  d.plate_color,
  d.vin,
  d.transport_cert_no,
  d.inspection_org_name,
  d.inspection_org_uscc,
  d.inspection_kind,
  d.inspect_date,
  d.inspect_result,
  d.tech_grade,
  d.coach_grade,
  d.fuel_standard_ok,
  d.dims_measured,
  d.kerb_mass_measured,
  d.brake_result,
  d.valid_to,
  d.assess_authority
FROM dw.dw_road_vehicle_inspection_grading AS d
