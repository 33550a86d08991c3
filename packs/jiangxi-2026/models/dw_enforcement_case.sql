-- layer: dw
-- name: dw_enforcement_case
-- title: 执法案件
-- library: theme
-- theme: 行政执法
-- owner: 省交通运输厅
-- keys: case_no
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。
SELECT
  s.case_no,
  s.case_name,
  s.enforce_field,
  s.cause,
  s.case_source,
  s.occur_time,
  s.occur_place,
  s.lon,
  s.lat,
  s.division_code,
  s.filing_date,
  s.decision_no,
  s.decision_date,
  s.penalty_kinds,
  s.fine_yuan,
  s.violated_clause,
  s.penalty_clause,
  s.authority_name,
  s.officer_cert_nos,
  s.close_date,
  s.case_state,
  s.party_key,
  s._load_time AS loaded_at
FROM ods.ods_enforcement_case AS s
QUALIFY row_number() OVER (
  PARTITION BY s.case_no
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
