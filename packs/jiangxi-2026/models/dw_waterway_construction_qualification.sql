-- layer: dw
-- name: dw_waterway_construction_qualification
-- title: 水路建设企业资质状态
-- library: theme
-- theme: 建设管养
-- owner: 省交通运输厅
-- keys: uscc, qualification_no
-- clauses: mot-2021-sharing 第十条
-- moment: day
-- 以运行之日为准。
SELECT d.uscc, d.enterprise_name, d.qualification_no, d.qualification_name, d.qualification_grade,
  d.valid_to, CASE WHEN d.valid_to < CAST($moment AS DATE) THEN '过期' ELSE '有效' END AS qualification_state
FROM dw.dw_waterway_construction_enterprise AS d
