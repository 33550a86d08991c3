-- layer: svc
-- name: svc_toll_entry_available
-- title: 可以驶入的收费站入口
-- library: topic
-- topic: 交通出行
-- owner: 省交通运输厅
-- keys: station_code
-- clauses: mot-2021-sharing 第十条
-- 运营中、有入口、入口没有关闭管制的收费站；管制解除的消息到达后重新列入。
SELECT s.station_code, s.station_name, s.route_code, s.stake, s.lon, s.lat, s.coord_sys, s.division_code
FROM dw.dw_toll_station AS s
WHERE s.station_state = '运营' AND s.entry_lanes > 0 AND NOT EXISTS (
  SELECT 1 FROM dw.dw_toll_station_control AS c
  WHERE c.station_code = s.station_code AND c.control_measure = '关闭'
    AND c.control_side IN ('入口', '双向') AND c.control_state <> '解除'
)
