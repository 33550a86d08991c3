-- layer: svc
-- name: svc_waterway_construction_valid
-- title: 水路建设企业有效资质
-- library: service
-- owner: 省交通运输厅
-- keys: uscc, qualification_no
-- clauses: mot-2021-sharing 第十条
SELECT q.uscc, q.enterprise_name, q.qualification_no, q.qualification_name, q.qualification_grade,
  q.valid_to
FROM dw.dw_waterway_construction_qualification AS q
WHERE q.qualification_state = '有效'
