-- layer: svc
-- name: svc_road_transport_certificate
-- title: 道路运输车辆道路运输证信息
-- library: service
-- owner: 省交通运输厅
-- keys: transport_cert_no
-- clauses: mot-2021-sharing 第十条
-- 经营许可证注销后新发的道路运输证不提供服务。
SELECT
  d.transport_cert_no,
  d.cert_prefix,
  d.vehicle_plate,
  d.plate_color,
  d.operator_name,
  d.operator_uscc,
  d.operating_licence_no,
  d.economy_type,
  d.business_scope,
  d.tonnage_or_seats,
  d.dims_text,
  d.issue_date,
  d.valid_from,
  d.valid_to,
  d.cert_state,
  d.issue_authority,
  d.division_code,
  d.elicence_id
FROM dw.dw_road_transport_certificate AS d
WHERE NOT EXISTS (
  SELECT 1 FROM dw.dw_road_transport_operating_licence AS l
  WHERE l.operating_licence_no = d.operating_licence_no
    AND l.licence_state = '注销' AND d.issue_date >= l.last_change_date
)
