-- layer: dw
-- name: dw_waterway_construction_enterprise
-- title: 水路建设市场从业企业信息
-- library: base
-- owner: 省交通运输厅
-- keys: uscc, qualification_no
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.enterprise_name,
  s.uscc,
  s.enterprise_kind,
  s.qualification_no,
  s.qualification_name,
  s.qualification_grade,
  s.issue_authority,
  s.valid_to,
  s.safety_licence_no,
  s.legal_rep_name,
  s.division_code,
  s.registered_capital_wan,
  s.work_ship_count,
  s.active_projects,
  s.enterprise_state,
  s.data_month,
  s._load_time AS loaded_at
FROM ods.ods_waterway_construction_enterprise AS s
QUALIFY row_number() OVER (
  PARTITION BY s.uscc, s.qualification_no
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
