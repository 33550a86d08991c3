-- layer: dw
-- name: dw_road_transport_operator
-- title: 道路运输业户基本信息
-- library: base
-- owner: 省交通运输厅
-- keys: operator_key
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.operator_key,
  s.operator_name,
  s.uscc,
  s.party_type,
  s.legal_rep_name,
  s.legal_rep_id_no,
  s.contact_phone,
  s.register_address,
  s.business_address,
  s.division_code,
  s.economy_type,
  s.registered_capital_wan,
  s.founded_date,
  s.operating_state,
  s.business_scope,
  s.vehicle_count,
  s.driver_count,
  s.safety_std_grade,
  s._load_time AS loaded_at
FROM ods.ods_road_transport_operator AS s
QUALIFY row_number() OVER (
  PARTITION BY s.operator_key
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
