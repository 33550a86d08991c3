-- layer: dw
-- name: dw_ship_basic
-- title: 船舶基本信息
-- library: base
-- owner: 省交通运输厅
-- keys: ship_key
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.ship_key,
  s.ship_name,
  s.former_name,
  s.ship_id_no,
  s.survey_reg_no,
  s.first_reg_no,
  s.mmsi,
  s.imo_no,
  s.home_port,
  s.ship_type,
  s.nav_area,
  s.gross_tonnage,
  s.net_tonnage,
  s.deadweight_t,
  s.passenger_cap,
  s.teu,
  s.loa_m,
  s.lbp_m,
  s.breadth_m,
  s.draft_m,
  s.engine_kw,
  s.built_date,
  s.owner_name,
  s.operator_uscc,
  s.ship_state,
  s._load_time AS loaded_at
FROM ods.ods_ship_basic AS s
QUALIFY row_number() OVER (
  PARTITION BY s.ship_key
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
