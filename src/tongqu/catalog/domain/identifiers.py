"""统一目录标识: who, which domain, which serial, and a check character.

``990000-MH-CA-000001-K``: division, department, domain, serial, check (ISO/IEC 7064
MOD 37,36 over the letters and digits). A number is drawn from a counter that only goes up,
so an identifier is never given twice.
"""

import re

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHAPE = re.compile(r"[0-9]{6}-[0-9A-Z]{2,10}-[A-Z]{2}-[0-9]{6}-[0-9A-Z]")


def check_character(body: str) -> str:
    """Return the ISO/IEC 7064 MOD 37,36 check character; hyphens do not count."""
    product = 36
    for character in body.replace("-", ""):
        total = (product + ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return ALPHABET[(37 - product) % 36]


def identifier(*, division: str, department: str, domain: str, serial: int) -> str:
    """Return the identifier; raises ``ValueError`` for parts that do not fit its shape."""
    body = f"{division}-{department}-{domain}-{serial:06}"
    found = f"{body}-{check_character(body)}"
    if not _SHAPE.fullmatch(found):
        raise ValueError("division, department, domain or serial do not fit an identifier")
    return found


def is_valid(code: str) -> bool:
    """Decide whether a code has the shape of an identifier and its right check character."""
    return bool(_SHAPE.fullmatch(code)) and check_character(code[:-2]) == code[-1]


def department_of(organisation_code: str, division: str) -> str:
    """Return the department part for an organisation: its code without the division."""
    rest = organisation_code.upper().removeprefix(division)
    letters = "".join(character for character in rest if character in ALPHABET)
    return letters[:10].rjust(2, "0")


def division_of(division_code: str) -> str:
    """Return six digits of an administrative division, ``000000`` where none is known."""
    digits = "".join(
        character for character in division_code if character.isascii() and character.isdigit()
    )
    return digits[:6].ljust(6, "0")
