-- layer: dw
-- name: dw_operator_golden
-- title: 道路运输业户主记录
-- library: base
-- owner: 省交通运输厅
-- keys: uscc
-- clauses: mot-2021-sharing 第十五条
-- 同一统一社会信用代码只有一条主记录：取最近一次报送的；名称不一致的另由质量规则列出。
-- 同一批报送两条的，取业户编号在后的一条：编号和名称总出自同一行。
WITH newest AS (
  SELECT d.uscc, d.operator_key, d.operator_name
  FROM dw.dw_road_transport_operator AS d
  WHERE d.uscc IS NOT NULL
  QUALIFY row_number() OVER (
    PARTITION BY d.uscc ORDER BY d.loaded_at DESC NULLS LAST, d.operator_key DESC NULLS LAST
  ) = 1
),
named AS (
  SELECT d.uscc, count(DISTINCT d.operator_name) AS names
  FROM dw.dw_road_transport_operator AS d
  WHERE d.uscc IS NOT NULL
  GROUP BY d.uscc
)
SELECT newest.uscc, newest.operator_key, newest.operator_name, named.names
FROM newest JOIN named ON newest.uscc = named.uscc
