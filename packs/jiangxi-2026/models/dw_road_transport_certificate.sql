-- layer: dw
-- name: dw_road_transport_certificate
-- title: 道路运输车辆道路运输证信息
-- library: theme
-- theme: 综合运输
-- owner: 省交通运输厅
-- keys: transport_cert_no
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.transport_cert_no,
  s.cert_prefix,
  s.vehicle_plate,
  s.plate_color,
  s.operator_name,
  s.operator_uscc,
  s.operating_licence_no,
  s.economy_type,
  s.business_scope,
  s.tonnage_or_seats,
  s.dims_text,
  s.issue_date,
  s.valid_from,
  s.valid_to,
  s.cert_state,
  s.issue_authority,
  s.division_code,
  s.elicence_id,
  s._load_time AS loaded_at
FROM ods.ods_road_transport_certificate AS s
QUALIFY row_number() OVER (
  PARTITION BY s.transport_cert_no
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
