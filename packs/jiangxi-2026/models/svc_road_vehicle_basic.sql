-- layer: svc
-- name: svc_road_vehicle_basic
-- title: 道路运输车辆基本信息
-- library: service
-- owner: 省交通运输厅
-- keys: vehicle_plate, plate_color
-- clauses: mot-2021-sharing 第十条
SELECT
  d.vehicle_plate,
  d.plate_color,
  d.vin,
  d.engine_no,
  d.vehicle_type,
  d.brand_model,
  d.body_color,
  d.fuel_type,
  d.emission_std,
  d.gross_mass_kg,
  d.kerb_mass_kg,
  d.rated_load_kg,
  d.rated_seats,
  d.tow_mass_kg,
  d.axle_count,
  d.length_mm,
  d.width_mm,
  d.height_mm,
  d.make_date,
  d.register_date,
  d.scrap_date,
  d.owner_uscc,
  d.operating_state,
  d.division_code
FROM dw.dw_road_vehicle_basic AS d
