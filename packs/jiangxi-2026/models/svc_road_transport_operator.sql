-- layer: svc
-- name: svc_road_transport_operator
-- title: 道路运输业户基本信息
-- library: service
-- owner: 省交通运输厅
-- keys: operator_key
-- clauses: mot-2021-sharing 第十条
SELECT
  d.operator_key,
  d.operator_name,
  d.uscc,
  d.party_type,
  d.legal_rep_name,
  d.legal_rep_id_no,
  d.contact_phone,
  d.register_address,
  d.business_address,
  d.division_code,
  d.economy_type,
  d.registered_capital_wan,
  d.founded_date,
  d.operating_state,
  d.business_scope,
  d.vehicle_count,
  d.driver_count,
  d.safety_std_grade
FROM dw.dw_road_transport_operator AS d
