-- layer: svc
-- name: svc_road_transport_staff_assessment
-- title: 道路运输市场从业人员评定信息
-- library: service
-- owner: 省交通运输厅
-- keys: staff_key, assess_period
-- clauses: mot-2021-sharing 第十条
SELECT
  d.staff_key,
  d.staff_name,
  d.id_no,
  d.gender,
  d.birth_month,
  d.qualification_no,
  d.qualification_kinds,
  d.licence_class,
  d.first_issue_date,
  d.valid_to,
  d.employer_name,
  d.employer_uscc,
  d.assess_period,
  d.points,
  d.credit_grade,
  d.training_hours,
  d.division_code,
  d.assess_date,
  d.assess_authority
FROM dw.dw_road_transport_staff_assessment AS d
