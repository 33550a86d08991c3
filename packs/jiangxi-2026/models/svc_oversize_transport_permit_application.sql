-- layer: svc
-- name: svc_oversize_transport_permit_application
-- title: 大件运输许可申请信息
-- library: service
-- owner: 省交通运输厅
-- keys: application_no
-- clauses: mot-2021-sharing 第十条
SELECT
  d.application_no,
  d.applicant_name,
  d.applicant_uscc,
  d.agent_name,
  d.agent_phone,
  d.tractor_plate,
  d.tractor_plate_color,
  d.trailer_plate,
  d.cargo_name,
  d.cargo_mass_kg,
  d.total_mass_kg,
  d.total_length_m,
  d.total_width_m,
  d.total_height_m,
  d.axle_loads_kg,
  d.permit_class,
  d.origin_text,
  d.dest_text,
  d.route_lines,
  d.move_from,
  d.move_to,
  d.apply_date,
  d.process_state,
  d.permit_no,
  d.permit_authority
FROM dw.dw_oversize_transport_permit_application AS d
