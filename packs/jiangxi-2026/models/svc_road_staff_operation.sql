-- layer: svc
-- name: svc_road_staff_operation
-- title: 从业人员评定（授权运营）
-- library: service
-- owner: 省交通运输厅
-- keys: staff_key, assess_period
-- clauses: mot-2021-sharing 第十条
-- 人员只以标识相认，交付时换成该单位独有的假名；不含姓名、证件号、出生年月和资格证号。
SELECT d.staff_key, d.qualification_kinds, d.licence_class, d.valid_to, d.employer_uscc,
  d.assess_period, d.points, d.credit_grade, d.training_hours, d.division_code
FROM dw.dw_road_transport_staff_assessment AS d
