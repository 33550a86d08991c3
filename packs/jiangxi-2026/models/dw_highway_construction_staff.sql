-- layer: dw
-- name: dw_highway_construction_staff
-- title: 公路建设市场从业人员信息
-- library: theme
-- theme: 建设管养
-- owner: 省交通运输厅
-- keys: staff_key, project_code
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.staff_key,
  s.staff_name,
  s.id_no,
  s.employer_name,
  s.employer_uscc,
  s.staff_kind,
  s.title,
  s.qualification_name,
  s.cert_no,
  s.cert_valid_to,
  s.safety_cert_kind,
  s.project_code,
  s.project_name,
  s.post_from,
  s.post_to,
  s.bad_record_count,
  s.data_month,
  s._load_time AS loaded_at
FROM ods.ods_highway_construction_staff AS s
QUALIFY row_number() OVER (
  PARTITION BY s.staff_key, s.project_code
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
