-- layer: dw
-- name: dw_construction_enterprise
-- title: 建设市场从业企业（一企一档）
-- library: base
-- owner: 省交通运输厅
-- keys: uscc
-- clauses: mot-2021-sharing 第十条
-- 公路、水路两个市场的企业按统一社会信用代码合并为一条主记录，资质各自保留。
WITH firms AS (
  SELECT h.uscc, h.enterprise_name, 1 AS in_highway, 0 AS in_waterway, h.qualification_no,
    h.loaded_at FROM dw.dw_highway_construction_enterprise AS h
  UNION ALL
  SELECT w.uscc, w.enterprise_name, 0 AS in_highway, 1 AS in_waterway, w.qualification_no,
    w.loaded_at FROM dw.dw_waterway_construction_enterprise AS w
),
newest AS (
  SELECT f.uscc, f.enterprise_name FROM firms AS f
  QUALIFY row_number() OVER (
    PARTITION BY f.uscc ORDER BY f.loaded_at DESC NULLS LAST, f.enterprise_name DESC NULLS LAST
  ) = 1
),
counted AS (
  SELECT f.uscc,
    count(DISTINCT f.qualification_no) FILTER (WHERE f.in_highway = 1) AS highway_qualifications,
    count(DISTINCT f.qualification_no) FILTER (WHERE f.in_waterway = 1) AS waterway_qualifications
  FROM firms AS f
  GROUP BY f.uscc
)
SELECT newest.uscc, newest.enterprise_name, counted.highway_qualifications,
  counted.waterway_qualifications
FROM newest JOIN counted ON newest.uscc IS NOT DISTINCT FROM counted.uscc
