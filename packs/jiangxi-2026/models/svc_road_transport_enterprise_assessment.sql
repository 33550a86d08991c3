-- layer: svc
-- name: svc_road_transport_enterprise_assessment
-- title: 道路运输市场从业企业评定信息
-- library: service
-- owner: 省交通运输厅
-- keys: uscc, trade_code, assess_year
-- clauses: mot-2021-sharing 第十条
SELECT
  d.enterprise_name,
  d.uscc,
  d.operating_licence_no,
  d.trade_code,
  d.assess_year,
  d.safety_score,
  d.operation_score,
  d.service_score,
  d.social_score,
  d.bonus_score,
  d.total_score,
  d.credit_grade,
  d.downgrade_reason,
  d.assess_authority,
  d.assess_date,
  d.division_code
FROM dw.dw_road_transport_enterprise_assessment AS d
