-- layer: dw
-- name: dw_case_vehicle
-- title: 案件车辆基本信息
-- library: theme
-- theme: 行政执法
-- owner: 省交通运输厅
-- keys: case_no, vehicle_plate, plate_color
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.case_no,
  s.vehicle_plate,
  s.plate_color,
  s.trailer_plate,
  s.vehicle_type,
  s.transport_cert_no,
  s.owner_name,
  s.axle_count,
  s.actual_mass_kg,
  s.limit_mass_kg,
  s.overload_rate,
  s.is_hazmat,
  s.is_other_province,
  s.driver_key,
  s._load_time AS loaded_at
FROM ods.ods_case_vehicle AS s
QUALIFY row_number() OVER (
  PARTITION BY s.case_no, s.vehicle_plate, s.plate_color
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
