-- layer: dw
-- name: dw_waterway_construction_qualification
-- title: 水路建设企业资质状态
-- library: theme
-- owner: 省交通运输厅
-- keys: uscc, qualification_no
-- clauses: mot-2021-sharing 第十条
-- 以最近一次报送的日期为准：模型不读时钟。
WITH asof AS (
  SELECT CAST(max(loaded_at) AT TIME ZONE 'Asia/Shanghai' AS DATE) AS day FROM dw.dw_waterway_construction_enterprise
)
SELECT d.uscc, d.enterprise_name, d.qualification_no, d.qualification_name, d.qualification_grade,
  d.valid_to, CASE WHEN d.valid_to < asof.day THEN '过期' ELSE '有效' END AS qualification_state
FROM dw.dw_waterway_construction_enterprise AS d CROSS JOIN asof
