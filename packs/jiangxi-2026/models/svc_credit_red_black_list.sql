-- layer: svc
-- name: svc_credit_red_black_list
-- title: 信用红黑名单信息
-- library: service
-- owner: 省交通运输厅
-- keys: list_no
-- clauses: mot-2021-sharing 第十条
SELECT
  d.list_no,
  d.list_type,
  d.field,
  d.subject_type,
  d.subject_name,
  d.uscc,
  d.person_id_no,
  d.reason,
  d.basis,
  d.decision_no,
  d.list_date,
  d.valid_to,
  d.remove_date,
  d.remove_reason,
  d.authority_name,
  d.public_state
FROM dw.dw_credit_red_black_list AS d
