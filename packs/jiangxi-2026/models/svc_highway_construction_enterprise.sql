-- layer: svc
-- name: svc_highway_construction_enterprise
-- title: 公路建设市场从业企业信息
-- library: service
-- owner: 省交通运输厅
-- keys: uscc, qualification_no
-- clauses: mot-2021-sharing 第十条
SELECT
  d.enterprise_name,
  d.uscc,
  d.enterprise_kind,
  d.qualification_no,
  d.qualification_name,
  d.qualification_grade,
  d.issue_authority,
  d.valid_to,
  d.safety_licence_no,
  d.legal_rep_name,
  d.division_code,
  d.registered_capital_wan,
  d.active_projects,
  d.projects_3y,
  d.enterprise_state,
  d.data_month
FROM dw.dw_highway_construction_enterprise AS d
