-- layer: dw
-- name: dw_road_vehicle_basic
-- title: 道路运输车辆基本信息
-- library: base
-- owner: 省交通运输厅
-- keys: vehicle_plate, plate_color
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.vehicle_plate,
  s.plate_color,
  s.vin,
  s.engine_no,
  s.vehicle_type,
  s.brand_model,
  s.body_color,
  s.fuel_type,
  s.emission_std,
  s.gross_mass_kg,
  s.kerb_mass_kg,
  s.rated_load_kg,
  s.rated_seats,
  s.tow_mass_kg,
  s.axle_count,
  s.length_mm,
  s.width_mm,
  s.height_mm,
  s.make_date,
  s.register_date,
  s.scrap_date,
  s.owner_uscc,
  s.operating_state,
  s.division_code,
  s._load_time AS loaded_at
FROM ods.ods_road_vehicle_basic AS s
QUALIFY row_number() OVER (
  PARTITION BY s.vehicle_plate, s.plate_color
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
