-- layer: svc
-- name: svc_punctuality
-- library: topic
-- keys: origin, dest, month
-- owner: 990000-MH
-- title: 航线逐月正点率（专题）
-- clauses: mot-2021-sharing 第十条
SELECT
  p.origin AS origin,
  p.dest AS dest,
  a."name" AS dest_name,
  p.month AS month,
  p.flights AS flights,
  p.departed AS departed,
  p.punctual AS punctual
FROM dw.dw_punctuality AS p
LEFT JOIN dw.dw_airports AS a ON a."faa" = p.dest
