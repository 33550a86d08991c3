-- layer: dw
-- name: dw_road_transport_operating_licence
-- title: 道路运输经营许可证信息
-- library: theme
-- theme: 综合运输
-- owner: 省交通运输厅
-- keys: operating_licence_no
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.operating_licence_no,
  s.licence_prefix,
  s.operator_name,
  s.uscc,
  s.address,
  s.legal_rep_name,
  s.business_scope,
  s.permit_matter,
  s.decision_no,
  s.permit_date,
  s.valid_from,
  s.valid_to,
  s.licence_state,
  s.issue_authority,
  s.division_code,
  s.last_change_date,
  s._load_time AS loaded_at
FROM ods.ods_road_transport_operating_licence AS s
QUALIFY row_number() OVER (
  PARTITION BY s.operating_licence_no
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
