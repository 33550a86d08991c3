"""Check digits as DuckDB arithmetic: no row leaves the engine.

Every function takes an SQL expression of type VARCHAR and returns a boolean one that is
TRUE, FALSE, or NULL for NULL. The form is tested first: the arithmetic below never raises.
"""

from collections.abc import Callable, Sequence

from tongqu.standards.vocabulary import CheckDigit

USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
# Position minus one, modulo ten, is the value; I, O and Q do not occur in a VIN.
VIN_VALUES = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ"
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def right(algorithm: CheckDigit, value: str, *, today: str) -> str:
    """Return the SQL that a value's check digit is right. ``today`` is an SQL date."""
    if algorithm is CheckDigit.IDCARD:
        return _idcard(value, today)
    return BY_ALGORITHM[algorithm](value)


def _uscc(value: str) -> str:
    weights = [pow(3, i, 31) for i in range(17)]
    total = _sum(_place(USCC_LETTERS), value, weights)
    last = f"(instr('{USCC_LETTERS}', substr({value}, 18, 1)) - 1)"
    form = "[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}"
    return _when(value, form, f"(31 - ({total}) % 31) % 31 = {last}")


def _idcard(value: str, today: str) -> str:
    """Check character, and a birth day that is a real one and not after today."""
    head, tail = f"TRY_CAST(substr({value}, 1, 9) AS INTEGER)", f"substr({value}, 10, 8)"
    digits = [*_digits(head, 9), *_digits(f"TRY_CAST({tail} AS INTEGER)", 8)]
    total = " + ".join(f"{d} * {w}" for d, w in zip(digits, ID_WEIGHTS, strict=True))
    born = f"TRY_STRPTIME(substr({value}, 7, 8), '%Y%m%d')"
    last = f"substr('10X98765432', CAST(({total}) % 11 AS INTEGER) + 1, 1) = substr({value}, 18, 1)"
    real = f"coalesce({born} BETWEEN DATE '1850-01-01' AND {today}, FALSE)"
    return _when(value, "[1-9][0-9]{16}[0-9X]", f"{last} AND {real}")


def _vin(value: str) -> str:
    total = _sum(lambda letter: f"((instr('{VIN_VALUES}', {letter}) - 1) % 10)", value, VIN_WEIGHTS)
    tail = f"substr('0123456789X', CAST(({total}) % 11 AS INTEGER) + 1, 1) = substr({value}, 9, 1)"
    return _when(value, "[A-HJ-NPR-Z0-9]{17}", tail)


def _imo(value: str) -> str:
    total = _sum(_digit, value, (7, 6, 5, 4, 3, 2))
    return _when(value, "[0-9]{7}", f"({total}) % 10 = {_digit(f'substr({value}, 7, 1)')}")


def _luhn(value: str) -> str:
    """From 2 to 19 digits; zeros before the first would weigh nothing."""
    digits = reversed(_digits(f"TRY_CAST({value} AS UBIGINT)", 19))
    # Doubled, the digits of 2d add up to 2d + 1 - 10 where d > 4: modulo ten that is 2d + 1.
    parts = [
        f"(2 * {digit} + CAST({digit} > 4 AS INTEGER))" if place % 2 else digit
        for place, digit in enumerate(digits)
    ]
    return _when(value, "[0-9]{2,19}", f"({' + '.join(parts)}) % 10 = 0")


BY_ALGORITHM: dict[CheckDigit, Callable[[str], str]] = {
    CheckDigit.USCC: _uscc,
    CheckDigit.VIN: _vin,
    CheckDigit.IMO: _imo,
    CheckDigit.LUHN: _luhn,
}


def _digits(number: str, count: int) -> list[str]:
    """Return the digits of a whole number from the first on: integers are cheaper than letters."""
    return [f"(({number} // {10**k}) % 10)" for k in reversed(range(count))]


def _digit(letter: str) -> str:
    return f"(ascii({letter}) - 48)"


def _place(letters: str) -> Callable[[str], str]:
    return lambda letter: f"(instr('{letters}', {letter}) - 1)"


def _sum(number: Callable[[str], str], value: str, weights: Sequence[int]) -> str:
    """Return the weighted sum over a value's characters from the first on."""
    return " + ".join(
        f"{number(f'substr({value}, {i}, 1)')} * {weight}"
        for i, weight in enumerate(weights, start=1)
        if weight
    )


def _when(value: str, form: str, sql: str) -> str:
    """Both sides are always worked out, and neither can raise: so equal parts are shared."""
    return f"coalesce(regexp_full_match({value}, '{form}') AND {sql}, FALSE)"
