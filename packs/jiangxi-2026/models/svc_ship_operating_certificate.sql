-- layer: svc
-- name: svc_ship_operating_certificate
-- title: 船舶营运证信息
-- library: service
-- owner: 省交通运输厅
-- keys: cert_no
-- clauses: mot-2021-sharing 第十条
SELECT
  d.cert_no,
  d.ship_name,
  d.ship_id_no,
  d.home_port,
  d.owner_name,
  d.operator_name,
  d.operator_licence_no,
  d.manager_name,
  d.business_scope,
  d.route_text,
  d.cargo_cap_t,
  d.passenger_cap,
  d.issue_date,
  d.valid_to,
  d.cert_state,
  d.issue_authority,
  d.division_code
FROM dw.dw_ship_operating_certificate AS d
