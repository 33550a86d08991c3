-- layer: svc
-- name: svc_domestic_waterway_licence
-- title: 国内水路运输经营许可证
-- library: service
-- owner: 省交通运输厅
-- keys: licence_no
-- clauses: mot-2021-sharing 第十条
SELECT
  d.licence_no,
  d.enterprise_name,
  d.uscc,
  d.address,
  d.legal_rep_name,
  d.main_business,
  d.side_business,
  d.business_scope,
  d.approve_authority,
  d.approve_doc_no,
  d.approve_date,
  d.issue_date,
  d.valid_from,
  d.valid_to,
  d.licence_state,
  d.division_code
FROM dw.dw_domestic_waterway_licence AS d
