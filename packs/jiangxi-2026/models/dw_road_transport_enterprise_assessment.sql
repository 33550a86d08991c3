-- layer: dw
-- name: dw_road_transport_enterprise_assessment
-- title: 道路运输市场从业企业评定信息
-- library: theme
-- theme: 综合运输
-- owner: 省交通运输厅
-- keys: uscc, trade_code, assess_year
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.enterprise_name,
  s.uscc,
  s.operating_licence_no,
  s.trade_code,
  s.assess_year,
  s.safety_score,
  s.operation_score,
  s.service_score,
  s.social_score,
  s.bonus_score,
  s.total_score,
  s.credit_grade,
  s.downgrade_reason,
  s.assess_authority,
  s.assess_date,
  s.division_code,
  s._load_time AS loaded_at
FROM ods.ods_road_transport_enterprise_assessment AS s
QUALIFY row_number() OVER (
  PARTITION BY s.uscc, s.trade_code, s.assess_year
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
