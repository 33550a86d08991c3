-- layer: svc
-- name: svc_ship_basic
-- title: 船舶基本信息
-- library: service
-- owner: 省交通运输厅
-- keys: ship_key
-- clauses: mot-2021-sharing 第十条
SELECT
  d.ship_key,
  d.ship_name,
  d.former_name,
  d.ship_id_no,
  d.survey_reg_no,
  d.first_reg_no,
  d.mmsi,
  d.imo_no,
  d.home_port,
  d.ship_type,
  d.nav_area,
  d.gross_tonnage,
  d.net_tonnage,
  d.deadweight_t,
  d.passenger_cap,
  d.teu,
  d.loa_m,
  d.lbp_m,
  d.breadth_m,
  d.draft_m,
  d.engine_kw,
  d.built_date,
  d.owner_name,
  d.operator_uscc,
  d.ship_state
FROM dw.dw_ship_basic AS d
