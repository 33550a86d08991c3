-- layer: dw
-- name: dw_case_party
-- title: 案件当事人基本信息
-- library: theme
-- theme: 行政执法
-- owner: 省交通运输厅
-- keys: party_key, case_no
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.party_key,
  s.case_no,
  s.party_type,
  s.party_name,
  s.id_type,
  s.id_no,
  s.uscc,
  s.legal_rep_name,
  s.gender,
  s.birth_date,
  s.phone,
  s.address,
  s.qualification_no,
  s.party_role,
  s.is_repeat,
  s._load_time AS loaded_at
FROM ods.ods_case_party AS s
QUALIFY row_number() OVER (
  PARTITION BY s.party_key, s.case_no
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
