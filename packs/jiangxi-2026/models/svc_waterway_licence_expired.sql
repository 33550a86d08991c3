-- layer: svc
-- name: svc_waterway_licence_expired
-- title: 过期的水路运输经营许可证
-- library: topic
-- owner: 省交通运输厅
-- keys: licence_no
-- clauses: mot-2021-sharing 第十条
-- 以最近一次报送的日期为准：模型不读时钟。
WITH asof AS (
  SELECT CAST(max(loaded_at) AT TIME ZONE 'Asia/Shanghai' AS DATE) AS day FROM dw.dw_domestic_waterway_licence
)
SELECT d.licence_no, d.enterprise_name, d.uscc, d.valid_to
FROM dw.dw_domestic_waterway_licence AS d CROSS JOIN asof
WHERE d.valid_to < asof.day
