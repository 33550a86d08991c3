-- layer: svc
-- name: svc_case_ship
-- title: 案件船舶基本信息
-- library: service
-- owner: 省交通运输厅
-- keys: case_no, ship_key
-- clauses: mot-2021-sharing 第十条
SELECT
  d.case_no,
  d.ship_key,
  d.ship_name,
  d.ship_id_no,
  d.mmsi,
  d.ship_type,
  d.home_port,
  d.gross_tonnage,
  d.owner_name,
  d.owner_uscc,
  d.operator_name,
  d.cargo_state,
  d.is_local
FROM dw.dw_case_ship AS d
