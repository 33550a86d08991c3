-- layer: svc
-- name: svc_waterway_staff_expired
-- title: 水路建设从业人员过期证书
-- library: topic
-- topic: 重点监管
-- owner: 省交通运输厅
-- keys: staff_key, project_code
-- clauses: mot-2021-sharing 第十条
-- 以数据月份的最后一天为准；不含身份证号。
SELECT d.staff_key, d.project_code, d.employer_name, d.qualification_name, d.cert_no,
  d.cert_valid_to, d.data_month
FROM dw.dw_waterway_construction_staff AS d
WHERE d.cert_valid_to < last_day(CAST(d.data_month || '-01' AS DATE))
