-- Draws and numbers. Everything is a function of the seed and a row's index: no state, no clock.
-- $seed, $at and the sizes are put in by the generator as literals.

CREATE MACRO instant() AS TIMESTAMP '$at';
CREATE MACRO today() AS CAST(TIMESTAMP '$at' AS DATE);

-- A whole number from 0 to n - 1, another for every name and index.
CREATE MACRO draw(name, i, n) AS CAST(hash($seed, name, i) % CAST(n AS UBIGINT) AS BIGINT);
CREATE MACRO span(name, i, low, high) AS low + draw(name, i, high - low + 1);
CREATE MACRO part(name, i) AS draw(name, i, 1000003) / 1000003.0;
CREATE MACRO choose(name, i, list) AS list[1 + draw(name, i, len(list))];
CREATE MACRO chance(name, i, percent) AS draw(name, i, 100) < percent;
-- A day that many days before the anchor, between near and far.
CREATE MACRO ago(name, i, near, far) AS today() - CAST(span(name, i, near, far) AS INTEGER);
CREATE MACRO ahead(name, i, near, far) AS today() + CAST(span(name, i, near, far) AS INTEGER);
CREATE MACRO year_before(n) AS CAST(date_part('year', today()) - n AS INTEGER);

-- Numbers with check digits. None can be a real one: the division is a whole province
-- (360000), which is given to nobody, and organisation codes begin with EX.
CREATE MACRO digit(text, p) AS ascii(substr(text, p, 1)) - 48;
CREATE MACRO organisation_of(n) AS 'EX' || lpad(CAST(n % 1000000 AS VARCHAR), 6, '0');
CREATE MACRO organisation_check(text) AS substr('0123456789X', 1 + CAST((11 - (
    14 * 3 + 33 * 7 + digit(text, 3) * 9 + digit(text, 4) * 10 + digit(text, 5) * 5
    + digit(text, 6) * 8 + digit(text, 7) * 4 + digit(text, 8) * 2) % 11) % 11 AS INTEGER), 1);
CREATE MACRO uscc_check(text) AS substr('0123456789ABCDEFGHJKLMNPQRTUWXY', 1 + CAST((31 - list_sum(
    list_transform([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28], lambda w, p:
    w * (instr('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(text, CAST(p AS BIGINT), 1)) - 1)))
    % 31) % 31 AS INTEGER), 1);
CREATE MACRO seventeen(prefix, n) AS
    prefix || '360000' || organisation_of(n) || organisation_check(organisation_of(n));
CREATE MACRO uscc_of(prefix, n) AS seventeen(prefix, n) || uscc_check(seventeen(prefix, n));

CREATE MACRO born_of(n) AS DATE '1966-01-01' + CAST((n * 7919) % 13000 AS INTEGER);
CREATE MACRO id_body(n) AS '360000' || strftime(born_of(n), '%Y%m%d')
    || lpad(CAST(1 + (n // 13000) % 999 AS VARCHAR), 3, '0');
CREATE MACRO id_check(text) AS substr('10X98765432', 1 + CAST(list_sum(list_transform(
    [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], lambda w, p:
    w * (ascii(substr(text, CAST(p AS BIGINT), 1)) - 48))) % 11 AS INTEGER), 1);
CREATE MACRO id_of(n) AS id_body(n) || id_check(id_body(n));
CREATE MACRO gender_of(n) AS CASE WHEN (1 + (n // 13000) % 999) % 2 = 1 THEN '男' ELSE '女' END;

CREATE MACRO vin_check(text) AS substr('0123456789X', 1 + CAST(list_sum(list_transform(
    [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2], lambda w, p: w * ((instr(
    '0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ', substr(text, CAST(p AS BIGINT), 1)) - 1) % 10)))
    % 11 AS INTEGER), 1);
CREATE MACRO vin_tail(n) AS substr('KLMNPRST', 1 + n % 8, 1) || 'X'
    || lpad(CAST(n % 1000000 AS VARCHAR), 6, '0');
CREATE MACRO vin_of(n) AS
    'LEXDEMTT' || vin_check('LEXDEMTT0' || vin_tail(n)) || vin_tail(n);

-- No ship's number begins with 0.
CREATE MACRO imo_body(n) AS '0' || lpad(CAST(n % 100000 AS VARCHAR), 5, '0');
CREATE MACRO imo_of(n) AS imo_body(n) || CAST((digit(imo_body(n), 1) * 7 + digit(imo_body(n), 2) * 6
    + digit(imo_body(n), 3) * 5 + digit(imo_body(n), 4) * 4 + digit(imo_body(n), 5) * 3
    + digit(imo_body(n), 6) * 2) % 10 AS VARCHAR);

-- Plates: Jiangxi has given out no letter X, Y or Z.
CREATE MACRO letter(n) AS substr('ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + CAST(n % 24 AS INTEGER), 1);
CREATE MACRO office(n) AS substr('XYZ', 1 + CAST(n % 3 AS INTEGER), 1);
CREATE MACRO plate_of(n) AS '赣' || office(n // 240000) || letter(n // 10000)
    || lpad(CAST(n % 10000 AS VARCHAR), 4, '0');
CREATE MACRO trailer_of(n) AS '赣' || office(n // 24000) || letter(n // 1000)
    || lpad(CAST(n % 1000 AS VARCHAR), 3, '0') || '挂';
CREATE MACRO green_small_of(n) AS '赣' || office(n // 240000) || 'D' || letter(n // 10000)
    || lpad(CAST(n % 10000 AS VARCHAR), 4, '0');
CREATE MACRO green_large_of(n) AS '赣' || office(n // 100000)
    || lpad(CAST(n % 100000 AS VARCHAR), 5, '0') || 'D';

-- Names and texts: everything that a person reads says that it is an example.
CREATE MACRO person_of(n) AS '示例'
    || translate(lpad(CAST(n % 1000000 AS VARCHAR), 6, '0'), '0123456789', '零一二三四五六七八九');
CREATE MACRO numbered(text, n) AS text || lpad(CAST(n AS VARCHAR), 4, '0');
CREATE MACRO serial(n, width) AS lpad(CAST(n AS VARCHAR), width, '0');
-- No subscriber's number begins with 0.
CREATE MACRO phone_of(n) AS '0790-0' || lpad(CAST(n % 1000000 AS VARCHAR), 6, '0');
CREATE MACRO document_of(agency, day, n) AS
    '示例' || agency || '〔' || date_part('year', day) || '〕' || CAST(1 + n % 9999999 AS VARCHAR) || '号';
CREATE MACRO month_of(day) AS strftime(day, '%Y-%m');

-- Vehicles in an hour: few by night, many by day.
CREATE MACRO flow(name, combo, hour) AS
    CAST(CASE WHEN hour BETWEEN 7 AND 20 THEN 40 ELSE 6 END + draw(name, combo * 24 + hour, 30) AS INTEGER);
