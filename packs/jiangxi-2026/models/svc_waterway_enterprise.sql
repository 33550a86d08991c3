-- layer: svc
-- name: svc_waterway_enterprise
-- title: 水路运输企业基本信息
-- library: service
-- owner: 省交通运输厅
-- keys: uscc
-- clauses: mot-2021-sharing 第十条
SELECT
  d.uscc,
  d.enterprise_name,
  d.legal_rep_name,
  d.contact_phone,
  d.register_address,
  d.division_code,
  d.enterprise_type,
  d.registered_capital_wan,
  d.founded_date,
  d.business_kinds,
  d.operating_area,
  d.ship_count,
  d.capacity_dwt,
  d.seat_count,
  d.safety_staff,
  d.operating_state,
  d.sms_state
FROM dw.dw_waterway_enterprise AS d
