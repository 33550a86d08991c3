-- layer: dw
-- name: dw_case_ship
-- title: 案件船舶基本信息
-- library: theme
-- theme: 行政执法
-- owner: 省交通运输厅
-- keys: case_no, ship_key
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.case_no,
  s.ship_key,
  s.ship_name,
  s.ship_id_no,
  s.mmsi,
  s.ship_type,
  s.home_port,
  s.gross_tonnage,
  s.owner_name,
  s.owner_uscc,
  s.operator_name,
  s.cargo_state,
  s.is_local,
  s._load_time AS loaded_at
FROM ods.ods_case_ship AS s
QUALIFY row_number() OVER (
  PARTITION BY s.case_no, s.ship_key
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
