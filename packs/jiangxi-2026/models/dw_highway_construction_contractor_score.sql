-- layer: dw
-- name: dw_highway_construction_contractor_score
-- title: 公路建设市场施工企业评价分数
-- library: theme
-- theme: 建设管养
-- owner: 省交通运输厅
-- keys: uscc, assess_year, project_code
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.enterprise_name,
  s.uscc,
  s.assess_year,
  s.assess_scope,
  s.project_code,
  s.project_name,
  s.bid_score,
  s.perform_score,
  s.other_deduct,
  s.total_score,
  s.credit_grade,
  s.direct_reason,
  s.assess_unit,
  s.publicity_from,
  s.publicity_to,
  s.publish_doc_no,
  s._load_time AS loaded_at
FROM ods.ods_highway_construction_contractor_score AS s
QUALIFY row_number() OVER (
  PARTITION BY s.uscc, s.assess_year, s.project_code
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
