-- layer: dw
-- name: dw_operator_golden
-- title: 道路运输业户主记录
-- library: base
-- owner: 省交通运输厅
-- keys: uscc
-- clauses: mot-2021-sharing 第十五条
-- 同一统一社会信用代码只有一条主记录：取最近一次报送的；名称不一致的另由质量规则列出。
SELECT
  d.uscc,
  max_by(d.operator_key, d.loaded_at) AS operator_key,
  max_by(d.operator_name, d.loaded_at) AS operator_name,
  count(DISTINCT d.operator_name) AS names
FROM dw.dw_road_transport_operator AS d
WHERE d.uscc IS NOT NULL
GROUP BY d.uscc
