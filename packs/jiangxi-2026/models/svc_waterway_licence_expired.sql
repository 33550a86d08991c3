-- layer: svc
-- name: svc_waterway_licence_expired
-- title: 过期的水路运输经营许可证
-- library: topic
-- topic: 重点监管
-- owner: 省交通运输厅
-- keys: licence_no
-- clauses: mot-2021-sharing 第十条
-- moment: day
-- 以运行之日为准。
SELECT d.licence_no, d.enterprise_name, d.uscc, d.valid_to
FROM dw.dw_domestic_waterway_licence AS d
WHERE d.valid_to < CAST($moment AS DATE)
