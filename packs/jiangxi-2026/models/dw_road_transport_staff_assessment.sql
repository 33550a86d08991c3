-- layer: dw
-- name: dw_road_transport_staff_assessment
-- title: 道路运输市场从业人员评定信息
-- library: base
-- owner: 省交通运输厅
-- keys: staff_key, assess_period
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.staff_key,
  s.staff_name,
  s.id_no,
  s.gender,
  s.birth_month,
  s.qualification_no,
  s.qualification_kinds,
  s.licence_class,
  s.first_issue_date,
  s.valid_to,
  s.employer_name,
  s.employer_uscc,
  s.assess_period,
  s.points,
  s.credit_grade,
  s.training_hours,
  s.division_code,
  s.assess_date,
  s.assess_authority,
  s._load_time AS loaded_at
FROM ods.ods_road_transport_staff_assessment AS s
QUALIFY row_number() OVER (
  PARTITION BY s.staff_key, s.assess_period
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
