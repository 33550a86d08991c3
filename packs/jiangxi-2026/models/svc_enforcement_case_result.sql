-- layer: svc
-- name: svc_enforcement_case_result
-- title: 执法案件结果信息
-- library: service
-- owner: 省交通运输厅
-- keys: case_no
-- clauses: mot-2021-sharing 第十条
SELECT d.case_no, d.case_name, d.enforce_field, d.decision_no, d.decision_date, d.penalty_kinds,
  d.fine_yuan, d.violated_clause, d.penalty_clause, d.authority_name, d.close_date, d.case_state
FROM dw.dw_enforcement_case AS d
WHERE d.decision_no IS NOT NULL
