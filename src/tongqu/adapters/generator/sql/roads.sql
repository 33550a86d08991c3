-- Resources 10 to 18: flows, roadside facilities, works, controls, events.

-- slug: toll_station_entry_flow
-- grain: station, day, hour, class, medium; hour 99 is the sum of the 24 hours before it
SELECT _p, s.station_code, s.station_name, s.route_code, CAST(today() - CAST(1 + d AS INTEGER) AS DATE) AS stat_date,
    CAST(CASE h WHEN 24 THEN 99 ELSE h END AS INTEGER) AS stat_hour, vehicle_class, media_type,
    CAST(CASE h WHEN 24 THEN list_sum(list_transform(range(0, 24), lambda x: flow('in', combo, x)))
        ELSE flow('in', combo, h) END AS INTEGER) AS entry_count,
    CAST(CASE h WHEN 24 THEN list_sum(list_transform(range(0, 24), lambda x: flow('in', combo, x) // 5))
        ELSE flow('in', combo, h) // 5 END AS INTEGER) AS nev_count,
    CAST(CASE h WHEN 24 THEN list_sum(list_transform(range(0, 24), lambda x: flow('in', combo, x) // 20))
        ELSE flow('in', combo, h) // 20 END AS INTEGER) AS green_channel_count,
    s.division_code, d >= 3 AS is_final
FROM (
    SELECT p AS _p, i % 25 AS h, i // 25 AS combo, (i // 25) % $days AS d, (i // 25 // $days) % $stations AS sn,
        ['01', '11', '02', '03', '04', '12', '13', '14', '15', '16', '21', '22', '23', '24', '25', '26'][1 + CAST(i // 25 // $days // $stations // 2 AS INTEGER)] AS vehicle_class,
        ['ETC', 'CPC'][1 + CAST(i // 25 // $days // $stations % 2 AS INTEGER)] AS media_type
    FROM rows) x JOIN station s ON s.s = x.sn

-- slug: toll_station_exit_flow
-- grain: as entry; what leaves in an hour differs from what enters by up to one vehicle
SELECT _p, s.station_code, s.station_name, s.route_code, CAST(today() - CAST(1 + d AS INTEGER) AS DATE) AS stat_date,
    CAST(CASE h WHEN 24 THEN 99 ELSE h END AS INTEGER) AS stat_hour, vehicle_class, media_type, exit_count,
    CAST(exit_count // 8 AS INTEGER) AS from_other_province,
    CAST(30 + draw('distance', combo, 1200) / 10.0 AS DECIMAL(7, 1)) AS avg_distance_km,
    CASE WHEN vehicle_class BETWEEN '11' AND '16' THEN CAST(8 + draw('mass', combo, 300) / 10.0 AS DECIMAL(6, 2)) END AS avg_truck_mass_t,
    CAST(CASE WHEN vehicle_class BETWEEN '11' AND '16' THEN exit_count // 200 ELSE 0 END AS INTEGER) AS overload_count,
    s.division_code, d >= 3 AS is_final
FROM (
    SELECT *, CAST(CASE h WHEN 24 THEN list_sum(list_transform(range(0, 24), lambda y: flow('in', combo, y) + draw('out', combo * 24 + y, 2)))
        ELSE flow('in', combo, h) + draw('out', combo * 24 + h, 2) END AS INTEGER) AS exit_count
    FROM (
        SELECT p AS _p, i % 25 AS h, i // 25 AS combo, (i // 25) % $days AS d, (i // 25 // $days) % $stations AS sn,
            ['01', '11', '02', '03', '04', '12', '13', '14', '15', '16', '21', '22', '23', '24', '25', '26'][1 + CAST(i // 25 // $days // $stations // 2 AS INTEGER)] AS vehicle_class,
            ['ETC', 'CPC'][1 + CAST(i // 25 // $days // $stations % 2 AS INTEGER)] AS media_type
        FROM rows)) x JOIN station s ON s.s = x.sn

-- slug: highway_rest_post
SELECT r.p AS _p, 'EXYZ' || serial(r.i, 8) AS post_code, numbered('示例公路驿站', r.i) AS post_name, d.route_code,
    stake_of(km) AS stake, choose('side', r.i, ['上行', '下行', '双向']) AS direction,
    CAST(along(d.lons, km) AS DECIMAL(10, 6)) AS lon, CAST(along(d.lats, km) AS DECIMAL(9, 6)) AS lat, 'CGCS2000' AS coord_sys, c.codes[2] AS division_code,
    choose('post', r.i, ['综合', '标准', '简易']) AS post_type, CAST(5 + draw('spaces', r.i, 60) AS INTEGER) AS parking_spaces,
    chance('toilet', r.i, 95) AS has_toilet, CAST(draw('chargers', r.i, 8) AS INTEGER) AS charger_count,
    choose('services', r.i, ['停车,如厕', '停车,如厕,加水', '停车,如厕,餐饮,购物,充电', '停车,如厕,司机之家,维修']) AS services,
    choose('hours', r.i, ['24h', '08:00-20:00', '07:30-22:00']) AS open_hours, '示例' || c.name || '公路事业发展中心' AS manager_name,
    phone_of(r.i) AS phone, ago('post built', r.i, 100, 3000) AS built_date
FROM (SELECT *, 3 + (i // 12) * 190.0 / (1 + $posts // 12) AS km FROM rows) r
JOIN road d ON d.r = 12 + r.i % 12 JOIN division c ON c.c = near_city(d.cities, km)

-- slug: parking_area
SELECT r.p AS _p, 'EXTC' || serial(r.i, 8) AS area_code, numbered('示例停车区', r.i) AS area_name, d.route_code, d.route_name,
    stake_of(km) AS stake, choose('area side', r.i, ['上行', '下行', '双向']) AS direction,
    CAST(along(d.lons, km) AS DECIMAL(10, 6)) AS lon, CAST(along(d.lats, km) AS DECIMAL(9, 6)) AS lat, 'CGCS2000' AS coord_sys, c.codes[1] AS division_code,
    CAST(20 + draw('cars', r.i, 100) AS INTEGER) AS car_spaces, CAST(10 + draw('trucks', r.i, 60) AS INTEGER) AS truck_spaces,
    CAST(draw('hazmat', r.i, 5) AS INTEGER) AS hazmat_spaces, chance('fuel', r.i, 30) AS has_fuel,
    CAST(draw('area chargers', r.i, 8) AS INTEGER) AS charger_count, TRUE AS has_toilet, r.i % 10 <> 9 AS is_open,
    '示例高速公路运营有限公司' AS manager_name
FROM (SELECT *, 5 + (i // 12) * 190.0 / (1 + $areas // 12) AS km FROM rows) r
JOIN road d ON d.r = r.i % 12 JOIN division c ON c.c = near_city(d.cities, km)

-- slug: toll_station
SELECT r.p AS _p, s.station_code, s.station_name, s.route_name || '示例段' AS section_name, s.route_code, s.stake,
    CASE WHEN s.s % 10 = 0 THEN '主线站' ELSE '匝道站' END AS station_type,
    CAST(2 + draw('entry lanes', s.s, 6) AS INTEGER) AS entry_lanes, CAST(3 + draw('exit lanes', s.s, 8) AS INTEGER) AS exit_lanes,
    CAST(2 + draw('etc', s.s, 3) AS INTEGER) AS etc_lanes, CAST(1 + draw('weigh', s.s, 2) AS INTEGER) AS weigh_lanes,
    CAST(s.lon AS DECIMAL(10, 6)) AS lon, CAST(s.lat AS DECIMAL(9, 6)) AS lat, 'CGCS2000' AS coord_sys, s.division_code,
    CAST(CASE WHEN s.s % 7 = 0 THEN 4.5 ELSE 5.5 END AS DECIMAL(3, 1)) AS height_limit_m,
    '示例高速公路运营有限公司' AS operator_name, phone_of(s.s) AS phone, ago('opened', s.s, 500, 6000) AS open_date, '运营' AS station_state
FROM rows r JOIN station s ON s.s = r.i

-- slug: service_area
SELECT r.p AS _p, 'EXFW' || serial(r.i, 8) AS area_code, numbered('示例服务区', r.i // 2) || CASE r.i % 2 WHEN 0 THEN '（上行）' ELSE '（下行）' END AS area_name,
    d.route_code, stake_of(km) AS stake, CASE r.i % 2 WHEN 0 THEN '上行' ELSE '下行' END AS direction,
    CAST(along(d.lons, km) AS DECIMAL(10, 6)) AS lon, CAST(along(d.lats, km) AS DECIMAL(9, 6)) AS lat, 'CGCS2000' AS coord_sys, c.codes[1] AS division_code,
    choose('area grade', r.i, ['示范', '优秀', '达标', '未评']) AS area_grade, CAST(20000 + draw('land', r.i, 60000) AS DECIMAL(12, 1)) AS land_area_m2,
    CAST(80 + draw('car spaces', r.i, 200) AS INTEGER) AS car_spaces, CAST(40 + draw('truck spaces', r.i, 120) AS INTEGER) AS truck_spaces,
    choose('fuels', r.i, ['92,95,0柴', '92,95,98,0柴', '92,95,0柴,LNG', '92,95,0柴,氢']) AS fuel_kinds,
    CAST(r.i % 5 * 4 AS INTEGER) AS charger_count, CAST(r.i % 5 * 4 * 120 AS DECIMAL(9, 1)) AS charger_power_kw,
    chance('restaurant', r.i, 90) AS has_restaurant, chance('lodging', r.i, 40) AS has_lodging, chance('repair', r.i, 70) AS has_repair,
    chance('drivers home', r.i, 60) AS has_driver_home, chance('nursery', r.i, 80) AS has_nursery, TRUE AS has_barrier_free,
    '示例高速公路服务区经营有限公司' AS operator_name, choose('area state', r.i, ['营业', '营业', '营业', '部分营业']) AS area_state,
    chance('area toilet', r.i, 90) AS has_toilet
FROM (SELECT *, 8 + (i // 24) * 180.0 / (1 + $services // 24) AS km FROM rows) r
JOIN road d ON d.r = (r.i // 2) % 12 JOIN division c ON c.c = near_city(d.cities, km)

-- slug: maintenance_work_event
SELECT r.p AS _p, 'EXSG' || serial(r.i, 10) AS event_id, d.route_code, d.route_name, stake_of(km) AS stake_from, stake_of(km + 1.5) AS stake_to,
    choose('work side', r.i, ['上行', '下行', '双向']) AS direction,
    CAST(along(d.lons, km) AS DECIMAL(10, 6)) AS lon_from, CAST(along(d.lats, km) AS DECIMAL(9, 6)) AS lat_from,
    CAST(along(d.lons, km + 1.5) AS DECIMAL(10, 6)) AS lon_to, CAST(along(d.lats, km + 1.5) AS DECIMAL(9, 6)) AS lat_to,
    choose('work', r.i, ['长期', '短期', '临时', '移动']) AS work_type, '示例：路面铣刨重铺' AS work_content,
    choose('lanes', r.i, ['[1]', '[1, 2]', '[2]']) AS lanes_closed,
    choose('traffic', r.i, ['封闭车道', '半幅封闭', '全封闭', '单向放行']) AS traffic_measure,
    started AS plan_start, CASE WHEN is_done THEN started + to_hours(8) ELSE instant() + to_hours(span('left', r.i, 2, 60)) END AS plan_end,
    started + to_minutes(10) AS actual_start, CASE WHEN is_done THEN started + to_hours(7) END AS actual_end,
    CASE WHEN choose('traffic', r.i, ['封闭车道', '半幅封闭', '全封闭', '单向放行']) = '全封闭' THEN '示例：经平行国道绕行' END AS detour_text,
    CAST(choose('limit', r.i, [40, 60, 80]) AS INTEGER) AS speed_limit_kmh, numbered('示例养护工程有限公司', r.i % 20) AS contractor_name,
    phone_of(r.i) AS site_phone, CASE WHEN is_done THEN '结束' ELSE '进行' END AS event_state, instant() - to_minutes(span('updated', r.i, 1, 50)) AS update_time
FROM (SELECT *, part('work km', i) * 190 AS km, i % 3 = 0 AS is_done,
        instant() - to_hours(span('work start', i, 10, 60)) AS started FROM rows) r
JOIN road d ON d.r = r.i % 24

-- slug: toll_station_control
SELECT r.p AS _p, 'EXGZ' || serial(r.i, 10) AS control_id, s.station_code, s.station_name, s.route_code,
    choose('control side', r.i, ['入口', '出口', '双向']) AS control_side,
    choose('control', r.i, ['关闭', '限流', '间断放行', '分车型禁行', '借道']) AS control_measure,
    choose('limits', r.i, ['全部', '货', '客,危化', '危化,超限']) AS vehicle_limits,
    choose('reason', r.i, ['恶劣天气', '事故', '施工', '拥堵']) AS control_reason, started AS start_time,
    CASE WHEN r.i % 4 <> 3 THEN started + to_hours(6) END AS expect_end, CASE WHEN r.i % 2 = 0 THEN started + to_hours(3) END AS actual_end,
    CASE WHEN r.i % 2 = 0 THEN '解除' ELSE '生效' END AS control_state, '示例：请由邻近收费站通行' AS detour_text,
    '示例省高速公路联网管理中心' AS publisher_name, instant() - to_minutes(span('control updated', r.i, 1, 50)) AS update_time
FROM (SELECT *, instant() - to_hours(span('control start', i, 4, 60)) AS started FROM rows) r JOIN station s ON s.s = r.i % $stations

-- slug: traffic_emergency_event
SELECT r.p AS _p, 'EXTF' || serial(r.i, 10) AS event_id, choose('event', r.i, ['0101', '0102', '0103', '0104', '0201', '0302', '0401']) AS event_type,
    choose('event level', r.i, ['III', 'IV', 'IV', 'NONE']) AS event_level, '公路' AS mode, d.route_code, stake_of(km) AS stake,
    choose('event side', r.i, ['上行', '下行', '双向']) AS direction, CAST(along(d.lons, km) AS DECIMAL(10, 6)) AS lon, CAST(along(d.lats, km) AS DECIMAL(9, 6)) AS lat,
    c.codes[1] AS division_code, happened AS occur_time, happened + to_minutes(span('reported', r.i, 1, 30)) AS report_time,
    happened + to_hours(4) AS expect_restore, CASE WHEN r.i % 3 <> 2 THEN happened + to_hours(3) END AS end_time,
    choose('blocked', r.i, ['[1]', '[1, 2]', '[3]']) AS lanes_blocked, CAST(draw('queue', r.i, 80) / 10.0 AS DECIMAL(5, 1)) AS queue_km,
    CAST(CASE WHEN chance('deaths', r.i, 2) THEN 1 ELSE 0 END AS INTEGER) AS deaths, CAST(CASE WHEN chance('injuries', r.i, 10) THEN 2 ELSE 0 END AS INTEGER) AS injuries,
    r.i % 25 = 0 AS hazmat_involved, CASE WHEN r.i % 25 = 0 THEN '1203' END AS un_no, '示例省高速公路交通执法支队' AS handling_unit,
    '示例：车道受阻，正在处置' AS description, choose('info', r.i, ['路政', '交警', '12122·12328', '视频', '浮动车', '公众']) AS info_source,
    CASE WHEN r.i % 3 <> 2 THEN '解除' ELSE '处置中' END AS event_state
FROM (SELECT *, part('event km', i) * 195 AS km, instant() - to_minutes(span('happened', i, 200, 4000)) AS happened FROM rows) r
JOIN road d ON d.r = r.i % 24 JOIN division c ON c.c = near_city(d.cities, km)
