-- layer: dw
-- name: dw_punctuality
-- library: theme
-- theme: 综合运输
-- keys: origin, dest, month
-- owner: 990000-MH
-- title: 航线逐月正点情况
-- clauses: gd-2024-governance 三(三)
SELECT
  f."origin" AS origin,
  f."dest" AS dest,
  f."month" AS month,
  COUNT(*) AS flights,
  COUNT(f."dep_time") AS departed,
  COUNT(CASE WHEN f."arr_delay" <= 15 THEN 1 END) AS punctual
FROM dw.dw_flights AS f
GROUP BY f."origin", f."dest", f."month"
