-- layer: dw
-- name: dw_ship_position
-- title: 船舶最近位置
-- library: theme
-- theme: 综合运输
-- owner: 省交通运输厅
-- keys: mmsi
-- clauses: mot-2021-sharing 第十条
-- 来源是船舶自动识别系统（AIS）的位置，不在第一批目录之内，登记为来源 ship_position。
SELECT s.mmsi, s.lon, s.lat, s.seen_time
FROM ods.ods_ship_position AS s
QUALIFY row_number() OVER (PARTITION BY s.mmsi ORDER BY s.seen_time DESC, s._load_time DESC, s._line DESC) = 1
