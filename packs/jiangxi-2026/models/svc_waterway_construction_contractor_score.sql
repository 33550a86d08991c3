-- layer: svc
-- name: svc_waterway_construction_contractor_score
-- title: 水路建设市场施工企业评价分数
-- library: service
-- owner: 省交通运输厅
-- keys: uscc, assess_year, project_code
-- clauses: mot-2021-sharing 第十条
SELECT
  d.enterprise_name,
  d.uscc,
  d.assess_year,
  d.assess_scope,
  d.project_code,
  d.project_name,
  d.bid_score,
  d.perform_score,
  d.safety_quality_score,
  d.other_deduct,
  d.total_score,
  d.credit_grade,
  d.direct_reason,
  d.assess_unit,
  d.publicity_to,
  d.publish_doc_no
FROM dw.dw_waterway_construction_contractor_score AS d
