-- layer: svc
-- name: svc_waterway_construction_staff
-- title: 水路建设市场从业人员信息
-- library: service
-- owner: 省交通运输厅
-- keys: staff_key, project_code
-- clauses: mot-2021-sharing 第十条
SELECT
  d.staff_key,
  d.staff_name,
  d.id_no,
  d.employer_name,
  d.employer_uscc,
  d.staff_kind,
  d.title,
  d.qualification_name,
  d.cert_no,
  d.cert_valid_to,
  d.safety_cert_kind,
  d.project_code,
  d.project_name,
  d.post_from,
  d.post_to,
  d.bad_record_count,
  d.data_month
FROM dw.dw_waterway_construction_staff AS d
