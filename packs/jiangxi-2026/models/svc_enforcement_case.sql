-- layer: svc
-- name: svc_enforcement_case
-- title: 执法案件
-- library: service
-- owner: 省交通运输厅
-- keys: case_no
-- clauses: mot-2021-sharing 第十条
SELECT
  d.case_no,
  d.case_name,
  d.enforce_field,
  d.cause,
  d.case_source,
  d.occur_time,
  d.occur_place,
  d.lon,
  d.lat,
  d.division_code,
  d.filing_date,
  d.decision_no,
  d.decision_date,
  d.penalty_kinds,
  d.fine_yuan,
  d.violated_clause,
  d.penalty_clause,
  d.authority_name,
  d.officer_cert_nos,
  d.close_date,
  d.case_state,
  d.party_key
FROM dw.dw_enforcement_case AS d
