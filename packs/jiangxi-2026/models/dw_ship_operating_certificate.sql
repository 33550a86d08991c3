-- layer: dw
-- name: dw_ship_operating_certificate
-- title: 船舶营运证信息
-- library: theme
-- theme: 综合运输
-- owner: 省交通运输厅
-- keys: cert_no
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.cert_no,
  s.ship_name,
  s.ship_id_no,
  s.home_port,
  s.owner_name,
  s.operator_name,
  s.operator_licence_no,
  s.manager_name,
  s.business_scope,
  s.route_text,
  s.cargo_cap_t,
  s.passenger_cap,
  s.issue_date,
  s.valid_to,
  s.cert_state,
  s.issue_authority,
  s.division_code,
  s._load_time AS loaded_at
FROM ods.ods_ship_operating_certificate AS s
QUALIFY row_number() OVER (
  PARTITION BY s.cert_no
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
