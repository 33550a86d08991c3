-- Resources 19 to 22: cases, and the ships, vehicles and parties in them.

-- slug: enforcement_case
SELECT r.p AS _p, n.case_no, '示例：' || CASE n.kind WHEN 'vehicle' THEN '超限运输案' WHEN 'ship' THEN '超航区航行案' ELSE '未按图施工案' END AS case_name,
    CASE n.kind WHEN 'vehicle' THEN choose('field', r.i, ['公路路政', '道路运政']) WHEN 'ship' THEN choose('field', r.i, ['水路运政', '地方海事', '港口行政'])
        ELSE '工程质量安全监督' END AS enforce_field,
    CASE n.kind WHEN 'vehicle' THEN '车辆超限行驶公路' WHEN 'ship' THEN '船舶超核定航区航行' ELSE '未按设计图纸施工' END AS cause,
    choose('source', r.i, ['巡查', '举报', '移送', '非现场']) AS case_source,
    CAST(n.filing_date - CAST(span('before', r.i, 1, 20) AS INTEGER) AS TIMESTAMP) + to_minutes(span('minute', r.i, 300, 1200)) AS occur_time,
    d.route_name || '示例路段' AS occur_place, CAST(along(d.lons, km) AS DECIMAL(10, 6)) AS lon, CAST(along(d.lats, km) AS DECIMAL(9, 6)) AS lat, c.codes[1] AS division_code,
    n.filing_date, document_of('交执罚决', n.filing_date, r.i) AS decision_no,
    CAST(n.filing_date + CAST(span('decided', r.i, 5, 60) AS INTEGER) AS DATE) AS decision_date,
    CASE WHEN r.i % 8 = 0 THEN '警告·通报批评' ELSE '罚款·没收' END AS penalty_kinds,
    CAST(CASE WHEN r.i % 8 = 0 THEN 0 ELSE 200 + draw('fine', r.i, 300) * 100 END AS DECIMAL(14, 2)) AS fine_yuan,
    '示例：所违反的条款' AS violated_clause, '示例：据以处罚的条款' AS penalty_clause, '示例' || c.name || '市交通运输综合行政执法支队' AS authority_name,
    '["EX36' || serial(r.i % 500, 4) || '", "EX37' || serial(r.i % 700, 4) || '"]' AS officer_cert_nos,
    CAST(n.filing_date + CAST(span('decided', r.i, 5, 60) + 15 AS INTEGER) AS DATE) AS close_date, '结案' AS case_state, n.party_key
FROM (SELECT *, part('case km', i) * 195 AS km FROM rows) r JOIN lawcase n ON n.n = r.i
JOIN road d ON d.r = r.i % 24 JOIN division c ON c.c = near_city(d.cities, km)

-- slug: case_ship
-- of every six cases the fifth is a ship's
SELECT r.p AS _p, n.case_no, s.ship_key, s.ship_name, s.ship_id_no, s.mmsi, s.ship_type, s.home_port, s.gross_tonnage,
    s.enterprise_name AS owner_name, s.uscc AS owner_uscc, s.enterprise_name AS operator_name, '示例：空载' AS cargo_state, TRUE AS is_local
FROM rows r JOIN lawcase n ON n.n = 6 * r.i + 4 JOIN ship s ON s.s = r.i % $ships

-- slug: case_vehicle
-- the first four of every six cases are vehicles'; every fifth of them comes from another province
SELECT _p, case_no, CASE WHEN is_other_province THEN '湘Z' || substr(vehicle_plate, 3) ELSE vehicle_plate END AS vehicle_plate, plate_color,
    CAST(NULL AS VARCHAR) AS trailer_plate, vehicle_type, CASE WHEN NOT is_other_province THEN cert_no END AS transport_cert_no, operator_name AS owner_name,
    CAST(3 AS INTEGER) AS axle_count, actual_mass_kg, limit_mass_kg,
    CAST(round(greatest(0, actual_mass_kg - limit_mass_kg) * 100.0 / limit_mass_kg, 2) AS DECIMAL(6, 2)) AS overload_rate,
    FALSE AS is_hazmat, is_other_province, 'JSY' || serial(i, 10) AS driver_key
FROM (
    SELECT r.p AS _p, r.i, n.case_no, v.*, r.i % 5 = 4 AS is_other_province, CAST(25000 AS INTEGER) AS limit_mass_kg,
        CAST(22000 + draw('actual', r.i, 250) * 100 AS INTEGER) AS actual_mass_kg
    FROM rows r JOIN lawcase n ON n.n = 6 * (r.i // 4) + r.i % 4
    JOIN vehicle v ON v.v = 20 * (r.i % ($vehicles // 20)) + 13)

-- slug: case_party
SELECT r.p AS _p, n.party_key, n.case_no, CASE WHEN n.is_person THEN '自然人' ELSE '法人' END AS party_type,
    CASE WHEN n.is_person THEN person_of(r.i) ELSE o.operator_name END AS party_name, CASE WHEN n.is_person THEN '111' ELSE '990' END AS id_type,
    CASE WHEN n.is_person THEN id_of(1000000 + r.i) END AS id_no, CASE WHEN NOT n.is_person THEN o.uscc END AS uscc,
    CASE WHEN NOT n.is_person THEN person_of(o.o) END AS legal_rep_name, CASE WHEN n.is_person THEN gender_of(1000000 + r.i) END AS gender,
    CASE WHEN n.is_person THEN born_of(1000000 + r.i) END AS birth_date, phone_of(r.i) AS phone, numbered('示例省' || o.city_name || '市示例路', r.i % 900) || '号' AS address,
    CASE WHEN n.is_person THEN 'EXCY' || serial(r.i, 10) END AS qualification_no,
    CASE n.kind WHEN 'vehicle' THEN CASE WHEN n.is_person THEN '驾驶员' ELSE '经营企业' END WHEN 'ship' THEN '船东' ELSE '施工单位' END AS party_role, chance('repeat', r.i, 10) AS is_repeat
FROM rows r JOIN lawcase n ON n.n = r.i JOIN operator o ON o.o = 4 * (r.i % ($operators // 4))
