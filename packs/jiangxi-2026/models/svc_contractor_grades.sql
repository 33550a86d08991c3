-- layer: svc
-- name: svc_contractor_grades
-- title: 施工企业信用等级（公路、水路分列）
-- library: service
-- owner: 省交通运输厅
-- keys: uscc, assess_year
-- clauses: mot-2021-sharing 第十条
-- 两个市场的等级并列，从不平均；同日公示两份的，取次序在后的一份，结果不随计算次序变。
WITH highway AS (
  SELECT h.uscc, h.assess_year, max(h.enterprise_name) AS enterprise_name,
    max_by(h.credit_grade, concat(CAST(h.publicity_to AS VARCHAR), h.credit_grade))
      FILTER (WHERE h.publicity_to IS NOT NULL) AS highway_grade
  FROM dw.dw_highway_construction_contractor_score AS h GROUP BY h.uscc, h.assess_year
),
waterway AS (
  SELECT w.uscc, w.assess_year, max(w.enterprise_name) AS enterprise_name,
    max_by(w.credit_grade, concat(CAST(w.publicity_to AS VARCHAR), w.credit_grade))
      FILTER (WHERE w.publicity_to IS NOT NULL) AS waterway_grade
  FROM dw.dw_waterway_construction_contractor_score AS w GROUP BY w.uscc, w.assess_year
)
SELECT coalesce(highway.uscc, waterway.uscc) AS uscc,
  coalesce(highway.assess_year, waterway.assess_year) AS assess_year,
  coalesce(highway.enterprise_name, waterway.enterprise_name) AS enterprise_name,
  highway.highway_grade, waterway.waterway_grade
FROM highway FULL JOIN waterway
  ON highway.uscc = waterway.uscc AND highway.assess_year = waterway.assess_year
