-- layer: dw
-- name: dw_waterway_enterprise
-- title: 水路运输企业基本信息
-- library: base
-- owner: 省交通运输厅
-- keys: uscc
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.uscc,
  s.enterprise_name,
  s.legal_rep_name,
  s.contact_phone,
  s.register_address,
  s.division_code,
  s.enterprise_type,
  s.registered_capital_wan,
  s.founded_date,
  s.business_kinds,
  s.operating_area,
  s.ship_count,
  s.capacity_dwt,
  s.seat_count,
  s.safety_staff,
  s.operating_state,
  s.sms_state,
  s._load_time AS loaded_at
FROM ods.ods_waterway_enterprise AS s
QUALIFY row_number() OVER (
  PARTITION BY s.uscc
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
