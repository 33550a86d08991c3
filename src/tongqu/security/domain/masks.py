"""Masks as expressions of the engine: a column in, a masked column out, no row seen.

Every mask is a function of the value and the hub's salt alone, so a page, a subscription
and a batch export give the same masks, and asking again teaches nothing (no noise to
average out). NULL stays NULL. Results are VARCHAR, but for ``none`` (as it was) and
``noise`` (DOUBLE). A value that a mask cannot treat becomes NULL or stars, never itself.
"""

from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from tongqu.security.vocabulary import Mask

if TYPE_CHECKING:
    from sqlglot.expressions import Expression

# In the templates ``v`` stands for the column and ``salt`` for the hub's secret.
TEXT = "CAST(v AS VARCHAR)"
MOMENT = f"TRY_CAST({TEXT} AS TIMESTAMP)"
NUMBER = f"TRY_CAST({TEXT} AS DOUBLE)"
PLATE = "^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Z]"


def _keep(first: int, last: int) -> str:
    stars = f"repeat('*', length({TEXT}) - {first + last})"
    return f"concat(left({TEXT}, {first}), {stars}, right({TEXT}, {last}))"


# The shape decides how much stays: 138****5678, 110***********1234, 京A***45, 张**.
COVER = f"""
CASE
  WHEN v IS NULL THEN NULL
  WHEN contains({TEXT}, '@') THEN concat(
    left({TEXT}, CASE WHEN strpos({TEXT}, '@') > 3 THEN 1 ELSE 0 END), '***',
    substr({TEXT}, strpos({TEXT}, '@')))
  WHEN regexp_matches({TEXT}, '{PLATE}') AND length({TEXT}) BETWEEN 6 AND 9 THEN {_keep(2, 2)}
  WHEN length({TEXT}) >= 11 THEN {_keep(3, 4)}
  WHEN length({TEXT}) >= 8 THEN {_keep(2, 2)}
  WHEN length({TEXT}) >= 5 THEN {_keep(1, 1)}
  WHEN length({TEXT}) >= 2 THEN {_keep(1, 0)}
  ELSE repeat('*', length({TEXT}))
END
"""

REPLACE = "CASE WHEN v IS NULL THEN NULL ELSE '[已替换]' END"

_STEP = f"pow(10, floor(log10(abs({NUMBER}))))"
_LOW = f"floor({NUMBER} / {_STEP}) * {_STEP}"


def _label(number: str) -> str:
    whole = f"CAST(CAST({number} AS BIGINT) AS VARCHAR)"
    short = f"format('{{:g}}', {number})"
    return f"CASE WHEN abs({NUMBER}) BETWEEN 1 AND 1e15 THEN {whole} ELSE {short} END"


# Coordinates (four decimals or more, at most 180) to a grid of 0.01 degrees, about 1 km;
# other numbers to a band of their own magnitude; dates to their month; text to its start.
GENERALISE = f"""
CASE
  WHEN v IS NULL THEN NULL
  WHEN regexp_full_match({TEXT}, '[+-]?[0-9]{{1,3}}[.][0-9]{{4,}}') AND abs({NUMBER}) <= 180
    THEN format('{{:.2f}}', {NUMBER})
  WHEN {NUMBER} = 0 THEN '0'
  WHEN isfinite({NUMBER}) THEN concat({_label(_LOW)}, '~', {_label(f"{_LOW} + {_STEP}")})
  WHEN isfinite({MOMENT}) THEN strftime({MOMENT}, '%Y-%m')
  WHEN length({TEXT}) > 3 THEN concat(left({TEXT}, 2), '**')
  ELSE repeat('*', length({TEXT}))
END
"""

HASH = f"CASE WHEN v IS NULL THEN NULL ELSE sha256(concat(salt, '|', {TEXT})) END"

# At most 5 % away, whole numbers by at least one; what is no number becomes NULL.
_UNIT = f"(md5_number_lower(concat(salt, '|', {TEXT})) % 2001 / 1000.0 - 1)"
NOISE = f"""
CASE
  WHEN NOT isfinite({NUMBER}) OR v IS NULL THEN NULL
  WHEN {NUMBER} = floor({NUMBER})
    THEN round({NUMBER} + {_UNIT} * greatest(abs({NUMBER}) * 0.05, 1.5))
  ELSE round({NUMBER} + {_UNIT} * abs({NUMBER}) * 0.05, 6)
END
"""

TRUNCATE = f"CASE WHEN v IS NULL THEN NULL ELSE left({TEXT}, least(length({TEXT}) // 3, 6)) END"


# HMAC-SHA256 (RFC 2104) of the value: the key's two blocks are put in, the key itself is not.
# The engine has no SM3; where SM3 is required the pseudonyms have to be made outside of it.
PSEUDONYM = f"""
CASE WHEN v IS NULL THEN NULL
ELSE sha256(unhex(outer_block) || unhex(sha256(unhex(inner_block) || encode({TEXT})))) END
"""
BLOCK = 64  # bytes of a block of SHA-256


@cache
def _blocks(key: str) -> dict[str, str]:
    """Return the outer and the inner block of a key, in hex."""
    raw = key.encode()
    padded = (sha256(raw).digest() if len(raw) > BLOCK else raw).ljust(BLOCK, b"\0")
    return {
        "outer_block": bytes(byte ^ 0x5C for byte in padded).hex(),
        "inner_block": bytes(byte ^ 0x36 for byte in padded).hex(),
    }


@cache
def _format_preserving() -> str:
    """Return the template of ``fpe``: four Feistel rounds over one run of digits.

    What it is: a keyed one-to-one exchange of digit strings of the same length, the
    letters before and after kept (沪A12345 → 沪A80317), so that keys still join and lengths
    still fit. What it is not: NIST FF1/FF3 or SM4. The round function is MD5 of the secret,
    the round and the other half; a short run (fewer than six digits) can be tried out by
    anybody who may ask for masks of values of his choice. Use it for pseudonyms, not to
    keep secrets. Values of another shape become as many hex digits of their salted hash.
    """
    # No CASE around the rounds: the engine computes a shared part once only outside of one.
    shape = "^([^0-9]*)([0-9]{2,30})([^0-9]*)$"
    before, digits, after = (f"regexp_extract({TEXT}, '{shape}', {n})" for n in (1, 2, 3))
    half = f"CAST(length({digits}) // 2 AS INTEGER)"
    rest = f"CAST(length({digits}) - {half} AS INTEGER)"

    def turn(number: int, own: str, other: str, width: str) -> str:
        key = f"concat(salt, '|{number}|', length({digits}), '|', {other})"
        size = f"CAST(pow(10, {width}) AS BIGINT)"
        return f"(({own} + CAST(md5_number_lower({key}) % 1000000000000000 AS BIGINT)) % {size})"

    left = f"TRY_CAST(left({digits}, {half}) AS BIGINT)"
    right = f"TRY_CAST(right({digits}, {rest}) AS BIGINT)"
    left = turn(1, left, right, half)
    right = turn(2, right, left, rest)
    left = turn(3, left, right, half)
    right = turn(4, right, left, rest)
    left, right = (
        f"lpad(CAST({number} AS VARCHAR), {width}, '0')"
        for number, width in ((left, half), (right, rest))
    )
    other = f"left(sha256(concat(salt, '|', {TEXT})), length({TEXT}))"
    return f"coalesce({before} || {left} || {right} || {after}, {other})"


TEMPLATES = {
    Mask.NONE: "v",
    Mask.COVER: COVER,
    Mask.REPLACE: REPLACE,
    Mask.GENERALISE: GENERALISE,
    Mask.HASH: HASH,
    Mask.NOISE: NOISE,
    Mask.TRUNCATE: TRUNCATE,
    Mask.NULLIFY: "CAST(NULL AS VARCHAR)",
    Mask.PSEUDONYM: PSEUDONYM,
}


@cache
def _parsed(mask: Mask) -> "Expression":
    from sqlglot import parse_one

    template = _format_preserving() if mask is Mask.FPE else TEMPLATES[mask]
    return cast("Expression", parse_one(template, read="duckdb"))


def mask_expression(mask: Mask, column: str, *, salt: str) -> "Expression":
    """Return the masked column as a sqlglot expression in DuckDB's dialect.

    The column's name and the salt enter as nodes of the tree, quoted by the generator:
    no name can break out of its place.
    """
    from sqlglot import expressions as exp

    def put(node: "Expression") -> "Expression":
        if isinstance(node, exp.Column):
            if node.name == "v":
                return exp.column(column, quoted=True)
            block = _blocks(salt).get(node.name, salt) if mask is Mask.PSEUDONYM else salt
            return exp.Literal.string(block)
        return node

    return _parsed(Mask(mask)).transform(put)
