-- layer: svc
-- name: svc_toll_station
-- title: 收费站信息
-- library: service
-- owner: 省交通运输厅
-- keys: station_code
-- clauses: mot-2021-sharing 第十条
SELECT
  d.station_code,
  d.station_name,
  d.section_name,
  d.route_code,
  d.stake,
  d.station_type,
  d.entry_lanes,
  d.exit_lanes,
  d.etc_lanes,
  d.weigh_lanes,
  d.lon,
  d.lat,
  d.coord_sys,
  d.division_code,
  d.height_limit_m,
  d.operator_name,
  d.phone,
  d.open_date,
  d.station_state
FROM dw.dw_toll_station AS d
