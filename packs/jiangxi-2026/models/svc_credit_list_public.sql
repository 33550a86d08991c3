-- layer: svc
-- name: svc_credit_list_public
-- title: 公示中的红黑名单
-- library: service
-- owner: 省交通运输厅
-- keys: list_no
-- clauses: mot-2021-sharing 第十条
-- moment: day
-- 只列公示期内、未移出的；自然人只显示遮盖的姓名和证件号。以运行之日为准。
SELECT d.list_no, d.list_type, d.field, d.subject_type,
  CASE WHEN d.subject_type = '自然人' THEN left(d.subject_name, 1) || repeat('*', length(d.subject_name) - 1)
    ELSE d.subject_name END AS subject_name,
  d.uscc,
  CASE WHEN d.person_id_no IS NOT NULL
    THEN left(d.person_id_no, 6) || repeat('*', 8) || right(d.person_id_no, 4) END AS person_id_no,
  d.reason, d.basis, d.decision_no, d.list_date, d.valid_to, d.authority_name, d.public_state
FROM dw.dw_credit_red_black_list AS d
WHERE d.valid_to >= CAST($moment AS DATE) AND d.remove_date IS NULL AND d.public_state <> '已移出'
