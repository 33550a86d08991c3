-- layer: dw
-- name: dw_credit_red_black_list
-- title: 信用红黑名单信息
-- library: theme
-- theme: 行政执法
-- owner: 省交通运输厅
-- keys: list_no
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.list_no,
  s.list_type,
  s.field,
  s.subject_type,
  s.subject_name,
  s.uscc,
  s.person_id_no,
  s.reason,
  s.basis,
  s.decision_no,
  s.list_date,
  s.valid_to,
  s.remove_date,
  s.remove_reason,
  s.authority_name,
  s.public_state,
  s._load_time AS loaded_at
FROM ods.ods_credit_red_black_list AS s
QUALIFY row_number() OVER (
  PARTITION BY s.list_no
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
