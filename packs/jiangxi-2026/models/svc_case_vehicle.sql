-- layer: svc
-- name: svc_case_vehicle
-- title: 案件车辆基本信息
-- library: service
-- owner: 省交通运输厅
-- keys: case_no, vehicle_plate, plate_color
-- clauses: mot-2021-sharing 第十条
SELECT
  d.case_no,
  d.vehicle_plate,
  d.plate_color,
  d.trailer_plate,
  d.vehicle_type,
  d.transport_cert_no,
  d.owner_name,
  d.axle_count,
  d.actual_mass_kg,
  d.limit_mass_kg,
  d.overload_rate,
  d.is_hazmat,
  d.is_other_province,
  d.driver_key
FROM dw.dw_case_vehicle AS d
