-- Resources 27 to 35: people, firms, scores and lists of the markets.

-- slug: road_transport_staff_assessment
SELECT r.p AS _p, substr(sha256('示例 road ' || r.i), 1, 32) AS staff_key, person_of(r.i) AS staff_name, id_of(3000000 + r.i) AS id_no, gender_of(3000000 + r.i) AS gender,
    month_of(born_of(3000000 + r.i)) AS birth_month, 'EXCY' || serial(r.i, 12) AS qualification_no,
    choose('qualified', r.i, ['货物运输', '旅客运输', '货物运输,危险货物运输驾驶员', '巡游出租', '网约车']) AS qualification_kinds,
    choose('licence class', r.i, ['A1', 'A2', 'A2,B2', 'C1']) AS licence_class, ago('first issue', r.i, 400, 4000) AS first_issue_date, ahead('staff valid', r.i, 60, 2000) AS valid_to,
    o.operator_name AS employer_name, o.uscc AS employer_uscc,
    strftime(today() - 365, '%Y-%m-%d') || '/' || strftime(today() - 1, '%Y-%m-%d') AS assess_period, CAST(draw('points', r.i, 12) AS INTEGER) AS points,
    CASE WHEN draw('points', r.i, 12) = 0 THEN 'AAA' WHEN draw('points', r.i, 12) < 10 THEN 'AA' ELSE 'A' END AS credit_grade,
    CAST(draw('training', r.i, 480) / 10.0 AS DECIMAL(5, 1)) AS training_hours, o.division_code, ago('assessed', r.i, 1, 25) AS assess_date,
    '示例' || o.city_name || '市道路运输管理机构' AS assess_authority
FROM rows r JOIN operator o ON o.o = r.i % $operators

-- slug: highway_construction_staff
SELECT r.p AS _p, substr(sha256('示例 highway ' || r.i), 1, 32) AS staff_key, person_of(r.i) AS staff_name, id_of(5000000 + r.i) AS id_no, b.enterprise_name AS employer_name, b.uscc AS employer_uscc,
    choose('staff kind', r.i, ['项目经理', '总工', '总监', '专监', '试验检测', '安全员', '造价', '质检']) AS staff_kind, choose('title', r.i, ['正高', '高级', '中级', '初级', '无']) AS title,
    choose('qualification', r.i, ['注册建造师（公路）', '监理工程师（公路）', '试验检测师（道路工程）']) AS qualification_name, 'EXGL' || serial(r.i, 12) AS cert_no,
    ahead('cert', r.i, 60, 1000) AS cert_valid_to, choose('safety cert', r.i, ['A', 'B', 'C', '无']) AS safety_cert_kind,
    CASE WHEN r.i % 5 = 0 THEN 'NONE' ELSE 'EXHW' || serial(r.i % 60, 6) END AS project_code, CASE WHEN r.i % 5 <> 0 THEN numbered('示例高速公路项目', r.i % 60) END AS project_name,
    CASE WHEN r.i % 5 <> 0 THEN ago('post', r.i, 30, 900) END AS post_from, CAST(NULL AS DATE) AS post_to, CAST(draw('bad', r.i, 3) AS INTEGER) AS bad_record_count, month_of(today()) AS data_month
FROM rows r JOIN builder b ON b.kind = 'HW' AND b.b = r.i % $highway_builders

-- slug: waterway_construction_staff
SELECT r.p AS _p, substr(sha256('示例 waterway ' || r.i), 1, 32) AS staff_key, person_of(r.i) AS staff_name, id_of(7000000 + r.i) AS id_no, b.enterprise_name AS employer_name, b.uscc AS employer_uscc,
    choose('staff kind', r.i, ['项目经理', '总工', '总监', '专监', '试验检测', '安全员', '船机']) AS staff_kind, choose('title', r.i, ['正高', '高级', '中级', '初级', '无']) AS title,
    choose('qualification', r.i, ['注册建造师（港口与航道）', '监理工程师（水运）']) AS qualification_name, 'EXSY' || serial(r.i, 12) AS cert_no,
    ahead('cert', r.i, 60, 1000) AS cert_valid_to, choose('safety cert', r.i, ['A', 'B', 'C', '无']) AS safety_cert_kind,
    CASE WHEN r.i % 5 = 0 THEN 'NONE' ELSE 'EXWW' || serial(r.i % 40, 6) END AS project_code, CASE WHEN r.i % 5 <> 0 THEN numbered('示例航道整治项目', r.i % 40) END AS project_name,
    CASE WHEN r.i % 5 <> 0 THEN ago('post', r.i, 30, 900) END AS post_from, CAST(NULL AS DATE) AS post_to, CAST(draw('bad', r.i, 3) AS INTEGER) AS bad_record_count, month_of(today()) AS data_month
FROM rows r JOIN builder b ON b.kind = 'WW' AND b.b = r.i % $waterway_builders

-- slug: road_transport_enterprise_assessment
-- grain: one company (no individual), last year
SELECT _p, enterprise_name, uscc, operating_licence_no, trade_code, assess_year, safety_score, operation_score, service_score, social_score, bonus_score, total_score,
    CASE WHEN total_score >= 850 THEN 'AAA' WHEN total_score >= 700 THEN 'AA' WHEN total_score >= 600 THEN 'A' ELSE 'B' END AS credit_grade,
    CAST(NULL AS VARCHAR) AS downgrade_reason, assess_authority, assess_date, division_code
FROM (SELECT *, CAST(safety_score + operation_score + service_score + social_score + bonus_score AS DECIMAL(6, 1)) AS total_score FROM (
    SELECT r.p AS _p, o.operator_name AS enterprise_name, o.uscc, o.licence_no AS operating_licence_no, choose('assess trade', r.i, ['011', '021', '031']) AS trade_code, year_before(1) AS assess_year,
        CAST(200 + draw('safety score', r.i, 1300) / 10.0 AS DECIMAL(6, 1)) AS safety_score, CAST(150 + draw('operation score', r.i, 700) / 10.0 AS DECIMAL(6, 1)) AS operation_score,
        CAST(150 + draw('service score', r.i, 700) / 10.0 AS DECIMAL(6, 1)) AS service_score, CAST(80 + draw('social score', r.i, 200) / 10.0 AS DECIMAL(6, 1)) AS social_score,
        CAST(draw('bonus', r.i, 500) / 10.0 AS DECIMAL(6, 1)) AS bonus_score, '示例' || o.city_name || '市道路运输管理机构' AS assess_authority,
        ago('firm assessed', r.i, 10, 60) AS assess_date, o.division_code
    FROM rows r JOIN operator o ON o.o = r.i // 3 * 4 + r.i % 3))

-- slug: highway_construction_enterprise
SELECT r.p AS _p, b.enterprise_name, b.uscc, choose('hw firm', r.i, ['施工', '施工', '设计', '监理', '试验检测', '勘察', '咨询', '招标代理']) AS enterprise_kind,
    'EXZZGL' || serial(r.i, 10) AS qualification_no, '公路工程施工总承包（示例）' AS qualification_name, choose('grade of firm', r.i, ['特级', '一级', '二级', '甲', '乙']) AS qualification_grade,
    '示例省住房和城乡建设厅' AS issue_authority, ahead('firm valid', r.i, 60, 1500) AS valid_to, 'EXAX' || serial(r.i, 10) AS safety_licence_no, person_of(r.i) AS legal_rep_name,
    c.codes[1] AS division_code, CAST(2000 + draw('builder capital', r.i, 90000) AS DECIMAL(14, 2)) AS registered_capital_wan, CAST(draw('active', r.i, 12) AS INTEGER) AS active_projects,
    CAST(draw('recent', r.i, 40) AS INTEGER) AS projects_3y, '正常' AS enterprise_state, month_of(today()) AS data_month
FROM rows r JOIN builder b ON b.kind = 'HW' AND b.b = r.i JOIN division c ON c.c = r.i % 11

-- slug: highway_construction_contractor_score
SELECT _p, enterprise_name, uscc, assess_year, assess_scope, project_code, project_name, bid_score, perform_score, other_deduct, total_score,
    CASE WHEN total_score >= 95 THEN 'AA' WHEN total_score >= 85 THEN 'A' WHEN total_score >= 75 THEN 'B' WHEN total_score >= 60 THEN 'C' ELSE 'D' END AS credit_grade,
    CAST(NULL AS VARCHAR) AS direct_reason, '示例省交通运输厅' AS assess_unit, publicity_from, CAST(publicity_from + 10 AS DATE) AS publicity_to,
    document_of('交建管', publicity_from, i) AS publish_doc_no
FROM (SELECT *, CAST(bid_score * 0.3 + perform_score * 0.7 - other_deduct AS DECIMAL(5, 2)) AS total_score FROM (
    SELECT r.p AS _p, r.i, b.enterprise_name, b.uscc, year_before(1) AS assess_year, CASE WHEN r.i < $highway_builders THEN '省级综合' ELSE '项目' END AS assess_scope,
        CASE WHEN r.i < $highway_builders THEN 'ALL' ELSE 'EXHW' || serial(r.i // $highway_builders, 6) END AS project_code,
        CASE WHEN r.i >= $highway_builders THEN numbered('示例高速公路项目', r.i // $highway_builders) END AS project_name,
        CAST(70 + draw('bid', r.i, 300) / 10.0 AS DECIMAL(5, 2)) AS bid_score, CAST(60 + draw('perform', r.i, 400) / 10.0 AS DECIMAL(5, 2)) AS perform_score,
        CAST(draw('deduct', r.i, 30) / 10.0 AS DECIMAL(5, 2)) AS other_deduct, ago('published', r.i, 20, 90) AS publicity_from
    FROM rows r JOIN builder b ON b.kind = 'HW' AND b.b = r.i % $highway_builders))

-- slug: waterway_construction_enterprise
SELECT r.p AS _p, b.enterprise_name, b.uscc, choose('ww firm', r.i, ['施工', '施工', '设计', '监理', '试验检测', '勘察', '咨询']) AS enterprise_kind,
    'EXZZSY' || serial(r.i, 10) AS qualification_no, '港口与航道工程施工总承包（示例）' AS qualification_name, choose('grade of firm', r.i, ['特级', '一级', '二级', '甲', '乙']) AS qualification_grade,
    '示例省住房和城乡建设厅' AS issue_authority, ahead('firm valid', r.i, 60, 1500) AS valid_to, 'EXAX' || serial(500000 + r.i, 10) AS safety_licence_no, person_of(r.i) AS legal_rep_name,
    c.codes[1] AS division_code, CAST(2000 + draw('builder capital', r.i, 90000) AS DECIMAL(14, 2)) AS registered_capital_wan, CAST(draw('work ships', r.i, 10) AS INTEGER) AS work_ship_count,
    CAST(draw('active', r.i, 12) AS INTEGER) AS active_projects, '正常' AS enterprise_state, month_of(today()) AS data_month
FROM rows r JOIN builder b ON b.kind = 'WW' AND b.b = r.i JOIN division c ON c.c = r.i % 11

-- slug: waterway_construction_contractor_score
SELECT _p, enterprise_name, uscc, assess_year, assess_scope, project_code, project_name, bid_score, perform_score, safety_quality_score, other_deduct, total_score,
    CASE WHEN total_score >= 95 THEN 'AA' WHEN total_score >= 85 THEN 'A' WHEN total_score >= 75 THEN 'B' WHEN total_score >= 60 THEN 'C' ELSE 'D' END AS credit_grade,
    CAST(NULL AS VARCHAR) AS direct_reason, '示例省交通运输厅' AS assess_unit, publicity_to, document_of('交建管', publicity_to, i) AS publish_doc_no
FROM (SELECT *, CAST(bid_score * 0.2 + perform_score * 0.5 + safety_quality_score * 0.3 - other_deduct AS DECIMAL(5, 2)) AS total_score FROM (
    SELECT r.p AS _p, r.i, b.enterprise_name, b.uscc, year_before(1) AS assess_year, CASE WHEN r.i < $waterway_builders THEN '省级综合' ELSE '项目' END AS assess_scope,
        CASE WHEN r.i < $waterway_builders THEN 'ALL' ELSE 'EXWW' || serial(r.i // $waterway_builders, 6) END AS project_code,
        CASE WHEN r.i >= $waterway_builders THEN numbered('示例航道整治项目', r.i // $waterway_builders) END AS project_name,
        CAST(70 + draw('bid', r.i, 300) / 10.0 AS DECIMAL(5, 2)) AS bid_score, CAST(60 + draw('perform', r.i, 400) / 10.0 AS DECIMAL(5, 2)) AS perform_score,
        CAST(70 + draw('quality', r.i, 300) / 10.0 AS DECIMAL(5, 2)) AS safety_quality_score, CAST(draw('deduct', r.i, 30) / 10.0 AS DECIMAL(5, 2)) AS other_deduct,
        ago('published', r.i, 10, 80) AS publicity_to
    FROM rows r JOIN builder b ON b.kind = 'WW' AND b.b = r.i % $waterway_builders))

-- slug: credit_red_black_list
-- every fourth subject is a person, every fifth entry has been removed
SELECT r.p AS _p, 'EXMD' || serial(r.i, 10) AS list_no, choose('list', r.i, ['红名单', '黑名单', '重点关注']) AS list_type,
    choose('credit field', r.i, ['道路运输', '水路运输', '公路建设', '水运建设', '超限超载', '安全生产']) AS field, CASE WHEN r.i % 4 = 3 THEN '自然人' ELSE '法人' END AS subject_type,
    CASE WHEN r.i % 4 = 3 THEN person_of(r.i) ELSE o.operator_name END AS subject_name, CASE WHEN r.i % 4 <> 3 THEN o.uscc END AS uscc,
    CASE WHEN r.i % 4 = 3 THEN id_of(9000000 + r.i) END AS person_id_no, '示例：列入事由' AS reason, '示例：列入依据' AS basis,
    document_of('交信', ago('listed', r.i, 100, 700), r.i) AS decision_no, ago('listed', r.i, 100, 700) AS list_date, CAST(ago('listed', r.i, 100, 700) + 1000 AS DATE) AS valid_to,
    CASE WHEN r.i % 5 = 0 THEN CAST(ago('listed', r.i, 100, 700) + 60 AS DATE) END AS remove_date, CASE WHEN r.i % 5 = 0 THEN '信用修复' END AS remove_reason,
    '示例省交通运输厅' AS authority_name, CASE WHEN r.i % 5 = 0 THEN '已移出' ELSE '公示中' END AS public_state
FROM rows r JOIN operator o ON o.o = 4 * (r.i % ($operators // 4))
