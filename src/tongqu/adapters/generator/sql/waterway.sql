-- Resources 23 to 26: ships, their certificates, firms and licences.

-- slug: ship_basic
SELECT r.p AS _p, s.ship_key, s.ship_name, CASE WHEN s.s % 9 = 0 THEN numbered('示例旧', s.s) END AS former_name, s.ship_id_no,
    'EXCJ' || serial(s.s, 10) AS survey_reg_no, 'EXDJ' || serial(s.s, 10) AS first_reg_no, s.mmsi,
    CASE WHEN s.s % 10 = 0 THEN imo_of(s.s // 10) END AS imo_no, s.home_port, s.ship_type, choose('nav', s.s, ['内河A级', '内河B级', '内河C级']) AS nav_area,
    s.gross_tonnage, CAST(s.gross_tonnage * 0.55 AS DECIMAL(10, 1)) AS net_tonnage, CAST(s.gross_tonnage * 1.6 AS DECIMAL(10, 1)) AS deadweight_t,
    CAST(CASE s.ship_type WHEN '0101' THEN 200 ELSE 0 END AS INTEGER) AS passenger_cap, CAST(CASE s.ship_type WHEN '0203' THEN 80 ELSE 0 END AS INTEGER) AS teu,
    CAST(40 + s.gross_tonnage / 100 AS DECIMAL(6, 2)) AS loa_m, CAST((40 + s.gross_tonnage / 100) * 0.95 AS DECIMAL(6, 2)) AS lbp_m,
    CAST(8 + s.gross_tonnage / 600 AS DECIMAL(5, 2)) AS breadth_m, CAST(2 + s.gross_tonnage / 1500 AS DECIMAL(5, 2)) AS draft_m,
    CAST(CASE s.ship_type WHEN '0402' THEN 0 ELSE 200 + s.gross_tonnage / 4 END AS DECIMAL(9, 1)) AS engine_kw, s.built_date,
    s.enterprise_name AS owner_name, s.uscc AS operator_uscc, '营运' AS ship_state
FROM rows r JOIN ship s ON s.s = r.i

-- slug: ship_operating_certificate
-- every fortieth certificate ends in 25 days
SELECT r.p AS _p, '示例SJ(' || date_part('year', today()) || ')' || serial(s.s, 7) AS cert_no, s.ship_name, s.ship_id_no, s.home_port,
    s.enterprise_name AS owner_name, s.enterprise_name AS operator_name, s.licence_no AS operator_licence_no,
    CASE WHEN s.s % 3 = 0 THEN '示例船舶管理有限公司' END AS manager_name, '国内水路货物运输（示例）' AS business_scope,
    CASE WHEN s.ship_type = '0101' THEN '示例港至示例码头' END AS route_text, CAST(s.gross_tonnage * 1.5 AS DECIMAL(10, 1)) AS cargo_cap_t,
    CAST(CASE s.ship_type WHEN '0101' THEN 200 ELSE 0 END AS INTEGER) AS passenger_cap, ago('ship issued', s.s, 100, 900) AS issue_date,
    CASE WHEN s.s % 40 = 39 THEN CAST(today() + 25 AS DATE) ELSE CAST(ago('ship issued', s.s, 100, 900) + 1800 AS DATE) END AS valid_to, '有效' AS cert_state,
    '示例' || f.city_name || '市港航管理机构' AS issue_authority, s.division_code
FROM rows r JOIN ship s ON s.s = r.i JOIN firm f ON f.f = s.f

-- slug: waterway_enterprise
SELECT r.p AS _p, f.uscc, f.enterprise_name, person_of(f.f) AS legal_rep_name, phone_of(f.f) AS contact_phone,
    numbered('示例省' || f.city_name || '市示例港路', f.f % 300) || '号' AS register_address, f.division_code, '150' AS enterprise_type,
    CAST(100 + draw('firm capital', f.f, 9000) AS DECIMAL(14, 2)) AS registered_capital_wan, ago('firm founded', f.f, 1000, 8000) AS founded_date,
    choose('firm kinds', f.f, ['普货', '普货,危货', '客运', '普货,船舶管理']) AS business_kinds, choose('firm area', f.f, ['省内', '长江中下游及支流']) AS operating_area,
    CAST(coalesce(o.ships, 0) AS INTEGER) AS ship_count, CAST(coalesce(o.dwt, 0) AS DECIMAL(14, 1)) AS capacity_dwt, CAST(coalesce(o.seats, 0) AS INTEGER) AS seat_count,
    CAST(2 + coalesce(o.ships, 0) // 10 AS INTEGER) AS safety_staff, '营业' AS operating_state, choose('sms', f.f, ['有效', '不适用']) AS sms_state
FROM rows r JOIN firm f ON f.f = r.i LEFT JOIN (
    SELECT f, count(*) AS ships, sum(CAST(gross_tonnage * 1.6 AS DECIMAL(10, 1))) AS dwt, count(*) FILTER (ship_type = '0101') * 200 AS seats
    FROM ship GROUP BY f) o ON o.f = f.f

-- slug: domestic_waterway_licence
SELECT r.p AS _p, f.licence_no, f.enterprise_name, f.uscc, numbered('示例省' || f.city_name || '市示例港路', f.f % 300) || '号' AS address,
    person_of(f.f) AS legal_rep_name, '省际普通货船运输（示例）' AS main_business, CASE WHEN f.f % 4 = 0 THEN '船舶代理（示例）' END AS side_business,
    '长江中下游及支流省际普通货船运输（示例）' AS business_scope, '示例' || f.city_name || '市交通运输局' AS approve_authority,
    document_of('交水许', ago('approved', f.f, 300, 900), f.f) AS approve_doc_no, ago('approved', f.f, 300, 900) AS approve_date,
    CAST(ago('approved', f.f, 300, 900) + 10 AS DATE) AS issue_date, CAST(ago('approved', f.f, 300, 900) + 10 AS DATE) AS valid_from,
    CAST(ago('approved', f.f, 300, 900) + 1810 AS DATE) AS valid_to, '有效' AS licence_state, f.division_code
FROM rows r JOIN firm f ON f.f = r.i
