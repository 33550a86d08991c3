-- layer: dw
-- name: dw_road_vehicle_inspection_grading
-- title: 道路运输车辆检测评定信息
-- library: theme
-- theme: 综合运输
-- owner: 省交通运输厅
-- keys: inspection_report_no
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.inspection_report_no,
  s.vehicle_plate,
  s.plate_color,
  s.vin,
  s.transport_cert_no,
  s.inspection_org_name,
  s.inspection_org_uscc,
  s.inspection_kind,
  s.inspect_date,
  s.inspect_result,
  s.tech_grade,
  s.coach_grade,
  s.fuel_standard_ok,
  s.dims_measured,
  s.kerb_mass_measured,
  s.brake_result,
  s.valid_to,
  s.assess_authority,
  s._load_time AS loaded_at
FROM ods.ods_road_vehicle_inspection_grading AS s
QUALIFY row_number() OVER (
  PARTITION BY s.inspection_report_no
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
