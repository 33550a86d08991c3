-- Resources 1 to 9: vehicles, their papers, operators, permits, passenger routes.
-- Each section makes right rows; ``rows`` gives p (the place) and i (the index to draw by).

-- slug: road_vehicle_realtime_position
-- grain: one fix of one vehicle; vehicles drive to and fro on their road at their own pace
SELECT m.p AS _p, v.vehicle_plate, v.plate_color, lpad(CAST(13900000000 + v.v AS VARCHAR), 12, '0') AS terminal_id,
    m.gps_time, m.gps_time + to_seconds(span('recv', m.i, 1, 15)) AS recv_time,
    CAST(along(d.lons, m.km) AS DECIMAL(10, 6)) AS lon_wgs84,
    CAST(along(d.lats, m.km) AS DECIMAL(9, 6)) AS lat_wgs84,
    CAST(20 + draw('altitude', m.i, 300) AS INTEGER) AS altitude_m,
    CAST(m.pace + (draw('gps speed', m.i, 41) - 20) / 10.0 AS DECIMAL(5, 1)) AS gps_speed_kmh,
    CAST(m.pace + (draw('recorder', m.i, 21) - 10) / 10.0 AS DECIMAL(5, 1)) AS recorder_speed_kmh,
    CAST((near_city(d.headings, m.km) + CASE WHEN m.back THEN 180 ELSE 0 END) % 360 AS INTEGER) AS heading_deg,
    CAST(20000 + v.v % 300000 + m.driven AS DECIMAL(10, 1)) AS odometer_km,
    TRUE AS fix_valid, TRUE AS acc_on, CAST(0 AS BIGINT) AS alarm_flags, CAST(3 AS BIGINT) AS status_flags,
    v.trade_code, 'EXPT' || serial(v.v % 12, 4) AS platform_code,
    c.codes[1] AS division_code,
    choose('protocol', v.v, ['JT808-2013', 'JT808-2019', 'JT809-2019']) AS protocol
FROM (
    SELECT *, (km0 + driven) % 400 >= 200 AS back,
        199.99 - abs(199.99 - (km0 + driven) % 399.98) AS km
    FROM (
        SELECT *, pace * seconds / 3600.0 AS driven,
            instant() - to_seconds(CAST($span AS BIGINT) - seconds + 20 + vn % 20) AS gps_time
        FROM (
            SELECT p, i, i % $vehicles AS vn, (i // $vehicles) * $step AS seconds,
                45 + draw('pace', i % $vehicles, 45) AS pace, part('km', i % $vehicles) * 399 AS km0,
                draw('vehicle road', i % $vehicles, 24) AS rn
            FROM rows))) m
JOIN vehicle v ON v.v = m.vn JOIN road d ON d.r = m.rn
JOIN division c ON c.c = near_city(d.cities, m.km)

-- slug: road_vehicle_inspection_grading
SELECT r.p AS _p, 'EXJC' || serial(r.i, 10) AS inspection_report_no, v.vehicle_plate, v.plate_color, v.vin,
    v.cert_no AS transport_cert_no, numbered('示例机动车检测有限公司', r.i % 40) AS inspection_org_name,
    uscc_of('91', 400000 + r.i % 40) AS inspection_org_uscc,
    ['01', '02', '03', '04'][1 + r.i % 4] AS inspection_kind,
    ago('inspected', r.i, 5, 300) AS inspect_date, '合格' AS inspect_result,
    choose('grade', r.i, ['一级', '一级', '二级']) AS tech_grade,
    CASE WHEN v.k < 2 THEN choose('coach', r.i, ['高三级', '高二级', '高一级', '中级']) END AS coach_grade,
    chance('fuel', r.i, 97) AS fuel_standard_ok,
    CAST(8000 + v.gross_mass_kg // 10 AS VARCHAR) || '×2500×3600' AS dims_measured,
    CAST(v.gross_mass_kg * 4 // 10 AS INTEGER) AS kerb_mass_measured, '合格' AS brake_result,
    CAST(ago('inspected', r.i, 5, 300) + 365 AS DATE) AS valid_to,
    CASE WHEN r.i % 4 = 3 THEN '示例' || c.name || '市道路运输管理机构' END AS assess_authority
FROM rows r JOIN vehicle v ON v.v = r.i JOIN division c ON c.c = v.v % 11

-- slug: road_vehicle_annual_review
SELECT r.p AS _p, 'EXNS' || serial(r.i, 10) AS review_no, v.vehicle_plate, v.plate_color,
    v.cert_no AS transport_cert_no, v.operator_name,
    CAST(date_part('year', ago('reviewed', r.i, 1, 170)) AS INTEGER) AS review_year,
    ago('reviewed', r.i, 1, 170) AS review_date,
    CASE WHEN chance('failed', r.i, 3) THEN '不合格' ELSE '合格' END AS review_result,
    CASE WHEN chance('failed', r.i, 3) THEN '示例：二级维护逾期' END AS fail_reason,
    TRUE AS violations_cleared, 'EXJC' || serial(r.i, 10) AS inspection_report_no,
    chance('second', r.i, 95) AS second_maint_done, TRUE AS carrier_insurance_valid,
    TRUE AS monitor_online, '示例' || c.name || '市道路运输管理机构' AS review_authority,
    CAST(ago('reviewed', r.i, 1, 170) + 365 AS DATE) AS next_review_date
FROM rows r JOIN vehicle v ON v.v = r.i JOIN division c ON c.c = v.v % 11

-- slug: road_vehicle_basic
SELECT r.p AS _p, v.vehicle_plate, v.plate_color, v.vin,
    CASE WHEN v.fuel_type NOT IN ('C', 'Y') THEN 'EXF' || serial(v.v, 8) END AS engine_no,
    v.vehicle_type, '示例牌SL' || v.vehicle_type AS brand_model,
    choose('colour', v.v, ['A', 'B', 'C', 'E', 'G', 'H']) AS body_color, v.fuel_type,
    CASE WHEN v.fuel_type = 'C' THEN '新能源' WHEN v.fuel_type = 'Y' THEN '不详'
        ELSE choose('emission', v.v, ['国四', '国五', '国六']) END AS emission_std,
    CAST(v.gross_mass_kg AS INTEGER) AS gross_mass_kg,
    CAST(v.gross_mass_kg * 4 // 10 AS INTEGER) AS kerb_mass_kg,
    CAST(CASE WHEN v.vehicle_type IN ('111', '112', '131', '191', '192', '193') THEN 0
        ELSE v.gross_mass_kg // 2 END AS INTEGER) AS rated_load_kg,
    CAST(CASE v.vehicle_type WHEN '111' THEN 45 WHEN '112' THEN 19 WHEN '191' THEN 60
        WHEN '192' THEN 5 WHEN '193' THEN 5 ELSE 2 END AS INTEGER) AS rated_seats,
    CASE WHEN v.vehicle_type = '131' THEN 40000 END AS tow_mass_kg,
    CAST(CASE WHEN v.gross_mass_kg > 30000 THEN 4 WHEN v.gross_mass_kg > 20000 THEN 3 ELSE 2 END AS INTEGER) AS axle_count,
    CAST(least(13000, 4500 + v.gross_mass_kg // 5) AS INTEGER) AS length_mm,
    CAST(CASE WHEN v.gross_mass_kg < 5000 THEN 1900 ELSE 2500 END AS INTEGER) AS width_mm,
    CAST(CASE WHEN v.gross_mass_kg < 5000 THEN 1800 ELSE 3600 END AS INTEGER) AS height_mm,
    v.register_date - 60 AS make_date, v.register_date,
    CAST(v.register_date + 5475 AS DATE) AS scrap_date, v.uscc AS owner_uscc, '10' AS operating_state, v.division_code
FROM rows r JOIN vehicle v ON v.v = r.i

-- slug: road_transport_certificate
SELECT r.p AS _p, v.cert_no AS transport_cert_no, '示例交运管字' AS cert_prefix, v.vehicle_plate, v.plate_color,
    v.operator_name, v.uscc AS operator_uscc, v.licence_no AS operating_licence_no,
    CASE WHEN o.is_individual THEN '170' ELSE '150' END AS economy_type, v.trade_code AS business_scope,
    CAST(greatest(1, v.gross_mass_kg / 2000.0) AS DECIMAL(8, 2)) AS tonnage_or_seats,
    CAST(8000 + v.gross_mass_kg // 10 AS VARCHAR) || '×2500×3600' AS dims_text,
    v.cert_from AS issue_date, v.cert_from AS valid_from, CAST(v.cert_from + 1460 AS DATE) AS valid_to,
    '有效' AS cert_state, '示例' || o.city_name || '市道路运输管理机构' AS issue_authority, v.division_code,
    'EXDZ' || serial(v.v, 12) AS elicence_id
FROM rows r JOIN vehicle v ON v.v = r.i JOIN operator o ON o.o = v.o

-- slug: road_transport_operator
SELECT r.p AS _p, o.operator_key, o.operator_name, o.uscc,
    CASE WHEN o.is_individual THEN '个体工商户' ELSE '企业' END AS party_type,
    person_of(o.o) AS legal_rep_name, id_of(o.o) AS legal_rep_id_no, phone_of(o.o) AS contact_phone,
    numbered('示例省' || o.city_name || '市示例路', o.o % 300) || '号' AS register_address,
    CASE WHEN o.o % 3 = 0 THEN numbered('示例省' || o.city_name || '市示例园', o.o % 50) END AS business_address,
    o.division_code, CASE WHEN o.is_individual THEN '170' ELSE '150' END AS economy_type,
    CAST(CASE WHEN o.is_individual THEN 0 ELSE 50 + draw('capital', o.o, 5000) END AS DECIMAL(14, 2)) AS registered_capital_wan,
    o.founded_date, '营业' AS operating_state,
    choose('scope', o.o, ['021', '021,022', '011,012', '021,031']) AS business_scope,
    CAST($vehicles // $operators + CASE WHEN o.o < $vehicles % $operators THEN 1 ELSE 0 END AS INTEGER) AS vehicle_count,
    CAST($staff // $operators + CASE WHEN o.o < $staff % $operators THEN 1 ELSE 0 END AS INTEGER) AS driver_count,
    choose('safety', o.o, ['一级', '二级', '三级', '未评']) AS safety_std_grade
FROM rows r JOIN operator o ON o.o = r.i

-- slug: road_transport_operating_licence
SELECT r.p AS _p, o.licence_no AS operating_licence_no, '示例交运管许可' AS licence_prefix, o.operator_name, o.uscc,
    numbered('示例省' || o.city_name || '市示例路', o.o % 300) || '号' AS address, person_of(o.o) AS legal_rep_name,
    choose('scope', o.o, ['021', '021,022', '011,012', '021,031']) AS business_scope,
    '道路货物运输经营许可（示例）' AS permit_matter,
    document_of('交运许', ago('permitted', o.o, 200, 900), o.o) AS decision_no,
    ago('permitted', o.o, 200, 900) AS permit_date, ago('permitted', o.o, 200, 900) AS valid_from,
    CAST(ago('permitted', o.o, 200, 900) + 1460 AS DATE) AS valid_to, '有效' AS licence_state,
    '示例' || o.city_name || '市道路运输管理机构' AS issue_authority, o.division_code,
    CAST(ago('permitted', o.o, 200, 900) + 30 AS DATE) AS last_change_date
FROM rows r JOIN operator o ON o.o = r.i

-- slug: oversize_transport_permit_application
-- the tractor and the trailer are vehicles of resource 4: kinds 2 and 4 of every twenty
SELECT _p, application_no, applicant_name, applicant_uscc, agent_name, agent_phone, tractor_plate,
    tractor_plate_color, trailer_plate, cargo_name, cargo_mass_kg, total_mass_kg, total_length_m,
    total_width_m, total_height_m,
    '[' || array_to_string(list_transform(range(0, 6), lambda a: CAST(total_mass_kg // 6 AS VARCHAR)), ', ') || ']' AS axle_loads_kg,
    CASE WHEN total_height_m <= 4.2 AND total_width_m <= 3 AND total_length_m <= 20 AND total_mass_kg <= 49000 THEN 'I'
        WHEN total_height_m <= 4.5 AND total_width_m <= 3.75 AND total_length_m <= 28 AND total_mass_kg <= 100000 THEN 'II'
        ELSE 'III' END AS permit_class,
    origin_text, dest_text, route_lines, move_from, move_to, apply_date, process_state,
    CASE WHEN process_state = '许可' THEN 'EXTX' || application_no END AS permit_no,
    CASE WHEN process_state IN ('许可', '不予许可') THEN '示例省公路管理机构' END AS permit_authority
FROM (
    SELECT r.p AS _p, 'EXDJ' || serial(r.i, 10) AS application_no, v.operator_name AS applicant_name,
        v.uscc AS applicant_uscc, person_of(r.i) AS agent_name, phone_of(r.i) AS agent_phone,
        v.vehicle_plate AS tractor_plate, v.plate_color AS tractor_plate_color, t.vehicle_plate AS trailer_plate,
        choose('cargo', r.i, ['示例变压器', '示例风电叶片', '示例箱梁', '示例储罐']) AS cargo_name,
        CAST(30000 + draw('cargo mass', r.i, 80) * 1000 AS INTEGER) AS cargo_mass_kg,
        CAST(48000 + draw('cargo mass', r.i, 80) * 1000 AS INTEGER) AS total_mass_kg,
        CAST(16 + draw('cargo length', r.i, 200) / 10.0 AS DECIMAL(5, 2)) AS total_length_m,
        CAST(2.6 + draw('cargo width', r.i, 15) / 10.0 AS DECIMAL(4, 2)) AS total_width_m,
        CAST(3.9 + draw('cargo height', r.i, 9) / 10.0 AS DECIMAL(4, 2)) AS total_height_m,
        '示例' || a.name || '市' AS origin_text, '示例' || b.name || '市' AS dest_text,
        '["' || x.route_code || '", "' || y.route_code || '"]' AS route_lines,
        CAST(ago('applied', r.i, 3, 300) + 5 AS DATE) AS move_from, 
        ago('applied', r.i, 3, 300) + CAST(5 + span('moving', r.i, 3, 150) AS INTEGER) AS move_to,
        ago('applied', r.i, 3, 300) AS apply_date,
        choose('process', r.i, ['已受理', '审查中', '许可', '许可', '许可', '不予许可']) AS process_state
    FROM rows r
    JOIN vehicle v ON v.v = 20 * (r.i % ($vehicles // 20)) + 2
    JOIN vehicle t ON t.v = 20 * (r.i % ($vehicles // 20)) + 4
    JOIN division a ON a.c = r.i % 11 JOIN division b ON b.c = (r.i + 3) % 11
    JOIN road x ON x.r = r.i % 12 JOIN road y ON y.r = 12 + r.i % 12)

-- slug: passenger_route
SELECT r.p AS _p, 'EXXL' || serial(r.i, 8) AS route_id,
    '示例' || a.name || '站—示例' || b.name || '站' AS route_name,
    choose('route class', r.i, ['一类', '二类', '三类', '四类', '旅游', '定制']) AS route_class, o.operator_name, o.uscc,
    '示例' || a.name || '站' AS origin_station, a.codes[1] AS origin_division,
    '示例' || b.name || '站' AS dest_station, b.codes[1] AS dest_division,
    '["示例' || m.name || '站"]' AS via_stops, '["' || d.route_code || '"]' AS via_roads,
    CAST(60 + draw('route km', r.i, 4000) / 10.0 AS DECIMAL(7, 1)) AS length_km,
    CAST(1 + draw('trips', r.i, 300) / 10.0 AS DECIMAL(6, 1)) AS daily_trips,
    choose('run mode', r.i, ['直达', '普通', '城乡公交', '预约']) AS run_mode,
    CAST(10 + draw('fare', r.i, 60) AS DECIMAL(8, 2)) AS fare_min,
    CAST(20 + draw('fare', r.i, 60) * 2 AS DECIMAL(8, 2)) AS fare_max,
    CAST(1 + draw('buses', r.i, 12) AS INTEGER) AS vehicle_count, ahead('route valid', r.i, 100, 1400) AS valid_to,
    choose('route state', r.i, ['运营', '运营', '运营', '暂停']) AS route_state, chance('rural', r.i, 20) AS is_rural
FROM rows r JOIN operator o ON o.o = (r.i * 4) % $operators
JOIN division a ON a.c = r.i % 11 JOIN division m ON m.c = (r.i + 1) % 11
JOIN division b ON b.c = (r.i + 2 + r.i % 8) % 11 JOIN road d ON d.r = r.i % 24
