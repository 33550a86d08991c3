-- What several resources share: places, roads, operators, vehicles, ships, firms.

-- grain: one of the eleven cities; a point near its centre
CREATE TEMP TABLE city AS
SELECT c, code, county, name, lon, lat
FROM (VALUES
    (0, '360100', '360121', '南昌', 115.86, 28.68), (1, '360200', '360281', '景德镇', 117.18, 29.27),
    (2, '360300', '360321', '萍乡', 113.85, 27.62), (3, '360400', '360481', '九江', 116.00, 29.70),
    (4, '360500', '360521', '新余', 114.92, 27.82), (5, '360600', '360681', '鹰潭', 117.07, 28.26),
    (6, '360700', '360781', '赣州', 114.93, 25.83), (7, '360800', '360881', '吉安', 114.99, 27.11),
    (8, '360900', '360983', '宜春', 114.42, 27.80), (9, '361000', '361030', '抚州', 116.36, 27.95),
    (10, '361100', '361130', '上饶', 117.94, 28.45)) t(c, code, county, name, lon, lat);

-- grain: one vertex of a road; 41 vertices 5 km apart, the heading swings gently
CREATE TEMP TABLE vertex AS
WITH step AS (
    SELECT r, j,
        radians(draw('road heading', r, 180)) + 0.35 * sin(j / 6.0 + r) AS heading,
        115.9 + (part('road lon', r) - 0.5) * 2.4 AS lon0,
        27.3 + (part('road lat', r) - 0.5) * 2.8 AS lat0
    FROM range(24) a(r), range(41) b(j)),
walked AS (
    SELECT r, j, heading, lon0, lat0,
        sum(sin(heading)) OVER w AS east, sum(cos(heading)) OVER w AS north
    FROM step WINDOW w AS (PARTITION BY r ORDER BY j ROWS UNBOUNDED PRECEDING)),
middle AS (SELECT r, max(east) FILTER (j = 20) AS e, max(north) FILTER (j = 20) AS n FROM walked GROUP BY r),
placed AS (
    SELECT w.r, w.j, w.heading,
        round(lon0 + (east - sin(w.heading) - e) * 5 / (111.32 * cos(radians(lat0))), 6) AS lon,
        round(lat0 + (north - cos(w.heading) - n) * 5 / 111.32, 6) AS lat
    FROM walked w JOIN middle USING (r))
SELECT p.r, p.j, p.lon, p.lat, (CAST(round(degrees(p.heading)) AS INTEGER) + 360) % 360 AS heading,
    arg_min(c.c, pow(p.lon - c.lon, 2) + pow(p.lat - c.lat, 2)) AS c
FROM placed p, city c GROUP BY ALL;

-- grain: one road, 200 km; vertices as lists, so that a place on it is a look-up and no join
CREATE TEMP TABLE road AS
SELECT r,
    CASE WHEN r < 12 THEN 'G99' ELSE 'S99' END || serial(r + 1, 2) AS route_code,
    CASE WHEN r < 12 THEN '示例高速' ELSE '示例省道' END || serial(r + 1, 2) AS route_name,
    list(lon ORDER BY j) AS lons, list(lat ORDER BY j) AS lats, list(heading ORDER BY j) AS headings,
    list(CAST(c AS INTEGER) ORDER BY j) AS cities
FROM vertex GROUP BY r;
-- A place on a road by kilometre (0 to below 200).
CREATE MACRO along(list, km) AS
    list[1 + CAST(floor(km / 5) AS INTEGER)]
    + (list[2 + CAST(floor(km / 5) AS INTEGER)] - list[1 + CAST(floor(km / 5) AS INTEGER)])
    * (km / 5 - floor(km / 5));
CREATE MACRO near_city(list, km) AS list[1 + CAST(floor(km / 5) AS INTEGER)];
CREATE MACRO stake_of(km) AS
    'K' || CAST(floor(km) AS INTEGER) || '+' || serial(CAST(floor((km - floor(km)) * 1000) AS INTEGER), 3);
CREATE TEMP TABLE division AS SELECT c, list_value(code, county) AS codes, name FROM city;

-- grain: one operator; every fourth is an individual
CREATE TEMP TABLE operator AS
SELECT i AS o, i % 4 = 3 AS is_individual, 'YH' || serial(i, 10) AS operator_key,
    CASE WHEN i % 4 = 3 THEN numbered('示例个体运输户', i) ELSE numbered('示例运输有限公司', i) END AS operator_name,
    CASE WHEN i % 4 = 3 THEN uscc_of('92', 500000 + i) ELSE uscc_of('91', i) END AS uscc,
    d.codes[1 + i % 2] AS division_code, d.name AS city_name,
    d.codes[1 + i % 2] || serial(i % 1000000, 6) AS licence_no,
    ago('founded', i, 2000, 9000) AS founded_date
FROM range($operators) t(i) JOIN division d ON d.c = i % 11;

-- grain: one vehicle; its kind follows from its index, so that shares are known
CREATE TEMP TABLE vehicle AS
WITH kind AS (
    SELECT i AS v, i % 20 AS k, i % $operators AS o FROM range($vehicles) t(i)),
typed AS (
    SELECT v, k, o,
        ['111', '112', '131', '131', '142', '142', '161', '151', '153', '171', '191', '192', '193',
         '121', '121', '121', '122', '122', '123', '123'][1 + k] AS vehicle_type,
        ['011', '012', '022', '022', '022', '022', '031', '031', '022', '021', '010', '010', '010',
         '021', '021', '021', '021', '021', '021', '021'][1 + k] AS trade_code,
        ['2', '2', '2', '2', '2', '2', '2', '2', '2', '2', '93', '94', '94',
         '2', '2', '2', '2', '1', '1', '1'][1 + k] AS plate_color,
        ['B', 'B', 'B', 'E', 'Y', 'Y', 'B', 'B', 'B', 'B', 'C', 'C', 'C',
         'B', 'B', 'E', 'B', 'B', 'B', 'A'][1 + k] AS fuel_type,
        [18000, 9000, 25000, 25000, 40000, 35000, 31000, 31000, 31000, 20000, 18000, 1900, 1900,
         25000, 31000, 25000, 12000, 12000, 4500, 4500][1 + k] AS gross_mass_kg
    FROM kind)
SELECT t.*,
    CASE WHEN k IN (4, 5) THEN trailer_of(v // 20 * 2 + k - 4) WHEN k = 10 THEN green_large_of(v // 20)
        WHEN k IN (11, 12) THEN green_small_of(v) ELSE plate_of(v) END AS vehicle_plate,
    vin_of(v) AS vin, p.operator_name, p.uscc, p.licence_no, p.division_code,
    p.division_code || serial(v % 1000000, 6) AS cert_no,
    ago('registered', v, 200, 2500) AS register_date,
    ago('certified', v, 30, 180) AS cert_from
FROM typed t JOIN operator p ON p.o = t.o;

-- grain: one toll station
CREATE TEMP TABLE station AS
SELECT i AS s, 'EX' || serial(i, 12) AS station_code, numbered('示例收费站', i) AS station_name,
    d.route_code, d.route_name, km, stake_of(km) AS stake, along(d.lons, km) AS lon, along(d.lats, km) AS lat,
    v.codes[1] AS division_code
FROM (SELECT i, i % 24 AS r, 4 + part('station km', i) * 190 AS km FROM range($stations) t(i)) x
JOIN road d ON d.r = x.r JOIN division v ON v.c = near_city(d.cities, km);

-- grain: one waterway firm
CREATE TEMP TABLE firm AS
SELECT i AS f, numbered('示例航运有限公司', i) AS enterprise_name, uscc_of('91', 600000 + i) AS uscc,
    '交赣XK' || serial(i, 5) AS licence_no, d.codes[1] AS division_code, d.name AS city_name
FROM range($firms) t(i) JOIN division d ON d.c = i % 11;

-- grain: one ship
CREATE TEMP TABLE ship AS
SELECT i AS s, 'CB' || serial(i, 10) AS ship_key, numbered('示例货', i) AS ship_name,
    'CN' || date_part('year', ago('built', i, 400, 7000)) || serial(i, 7) AS ship_id_no,
    '4139' || serial(i, 5) AS mmsi, f.f, f.enterprise_name, f.uscc, f.licence_no,
    f.city_name || '示例港' AS home_port, f.division_code,
    ['0201', '0202', '0203', '0301', '0302', '0402', '0101', '0501'][1 + i % 8] AS ship_type,
    CAST(500 + draw('tonnage', i, 4000) AS DECIMAL(10, 1)) AS gross_tonnage,
    ago('built', i, 400, 7000) AS built_date
FROM range($ships) t(i) JOIN firm f ON f.f = i % $firms;

-- grain: one building firm, of highways or of waterways; every fifth index is in both
CREATE TEMP TABLE builder AS
SELECT k AS kind, i AS b, CASE WHEN i % 5 = 0 THEN numbered('示例建设集团有限公司', i)
        WHEN k = 'HW' THEN numbered('示例公路工程有限公司', i) ELSE numbered('示例港航工程有限公司', i) END AS enterprise_name,
    uscc_of('91', CASE WHEN i % 5 = 0 THEN 700000 WHEN k = 'HW' THEN 800000 ELSE 900000 END + i) AS uscc
FROM (SELECT 'HW' AS k, i FROM range($highway_builders) t(i)
      UNION ALL SELECT 'WW', i FROM range($waterway_builders) t(i)) x;

-- grain: one case; road cases have a vehicle, ship cases a ship, works cases neither
CREATE TEMP TABLE lawcase AS
SELECT i AS n, document_of('交执罚', ago('filed', i, 100, 700), i) AS case_no,
    CASE WHEN i % 6 < 4 THEN 'vehicle' WHEN i % 6 = 4 THEN 'ship' ELSE 'works' END AS kind,
    ago('filed', i, 100, 700) AS filing_date, 'DSR' || serial(i, 10) AS party_key, i % 3 <> 2 AS is_person
FROM range($cases) t(i);
