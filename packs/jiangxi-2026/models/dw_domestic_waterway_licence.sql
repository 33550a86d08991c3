-- layer: dw
-- name: dw_domestic_waterway_licence
-- title: 国内水路运输经营许可证
-- library: theme
-- theme: 综合运输
-- owner: 省交通运输厅
-- keys: licence_no
-- clauses: mot-2021-sharing 第十五条
-- 每个主键取最近一次报送的一行。一个证号只属于首次报送的企业，另一企业以同号报送的行不采信。
WITH holder AS (
  SELECT f.licence_no, f.uscc
  FROM ods.ods_domestic_waterway_licence AS f
  QUALIFY row_number() OVER (
    PARTITION BY f.licence_no
    ORDER BY f._load_time, f._batch_id, f._line
  ) = 1
)
SELECT
  s.licence_no,
  s.enterprise_name,
  s.uscc,
  s.address,
  s.legal_rep_name,
  s.main_business,
  s.side_business,
  s.business_scope,
  s.approve_authority,
  s.approve_doc_no,
  s.approve_date,
  s.issue_date,
  s.valid_from,
  s.valid_to,
  s.licence_state,
  s.division_code,
  s._load_time AS loaded_at
FROM ods.ods_domestic_waterway_licence AS s
JOIN holder ON holder.licence_no = s.licence_no AND holder.uscc = s.uscc
QUALIFY row_number() OVER (
  PARTITION BY s.licence_no
  ORDER BY s._load_time DESC, s._batch_id DESC, s._line DESC
) = 1
