-- layer: svc
-- name: svc_case_party
-- title: 案件当事人基本信息
-- library: service
-- owner: 省交通运输厅
-- keys: party_key, case_no
-- clauses: mot-2021-sharing 第十条
SELECT
  d.party_key,
  d.case_no,
  d.party_type,
  d.party_name,
  d.id_type,
  d.id_no,
  d.uscc,
  d.legal_rep_name,
  d.gender,
  d.birth_date,
  d.phone,
  d.address,
  d.qualification_no,
  d.party_role,
  d.is_repeat
FROM dw.dw_case_party AS d
