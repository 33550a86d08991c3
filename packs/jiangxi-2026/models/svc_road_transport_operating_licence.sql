-- layer: svc
-- name: svc_road_transport_operating_licence
-- title: 道路运输经营许可证信息
-- library: service
-- owner: 省交通运输厅
-- keys: operating_licence_no
-- clauses: mot-2021-sharing 第十条
SELECT
  d.operating_licence_no,
  d.licence_prefix,
  d.operator_name,
  d.uscc,
  d.address,
  d.legal_rep_name,
  d.business_scope,
  d.permit_matter,
  d.decision_no,
  d.permit_date,
  d.valid_from,
  d.valid_to,
  d.licence_state,
  d.issue_authority,
  d.division_code,
  d.last_change_date
FROM dw.dw_road_transport_operating_licence AS d
