-- layer: dw
-- name: dw_oversize_transport_permit_application
-- title: 大件运输许可申请信息
-- library: theme
-- theme: 综合运输
-- owner: 省交通运输厅
-- keys: application_no
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.application_no,
  s.applicant_name,
  s.applicant_uscc,
  s.agent_name,
  s.agent_phone,
  s.tractor_plate,
  s.tractor_plate_color,
  s.trailer_plate,
  s.cargo_name,
  s.cargo_mass_kg,
  s.total_mass_kg,
  s.total_length_m,
  s.total_width_m,
  s.total_height_m,
  s.axle_loads_kg,
  s.permit_class,
  s.origin_text,
  s.dest_text,
  s.route_lines,
  s.move_from,
  s.move_to,
  s.apply_date,
  s.process_state,
  s.permit_no,
  s.permit_authority,
  s._load_time AS loaded_at
FROM ods.ods_oversize_transport_permit_application AS s
QUALIFY row_number() OVER (
  PARTITION BY s.application_no
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
