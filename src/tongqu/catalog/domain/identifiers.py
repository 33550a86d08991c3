"""统一目录标识: how an identifier is built and proved, by a rule that is data.

A rule names its segments in order, what may stand in each, what separates them, and the
algorithm of its check character. Rules are TOML files in ``domain/identifier_rules``; a
province chooses one, and identifiers of the others stay readable. A serial is drawn from a
counter that only goes up, so an identifier is never given twice.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DEFAULT = "tongqu-1"


class Unfit(ValueError):
    """A text is no identifier. ``is_check``: its shape is right, its check character wrong."""

    def __init__(self, message: str, *, is_check: bool = False) -> None:
        super().__init__(message)
        self.is_check = is_check


def _mod_37_36(body: str) -> str:
    """ISO/IEC 7064 MOD 37,36: finds every single wrong character, and most swapped ones."""
    product = 36
    for character in body:
        total = (product + ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return ALPHABET[(37 - product) % 36]


def _mod_11_10(body: str) -> str:
    """ISO/IEC 7064 MOD 11,10, for rules of digits alone."""
    product = 10
    for character in body:
        total = (product + int(character)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


CHECKS: dict[str, Callable[[str], str]] = {
    "mod-37-36": _mod_37_36,
    "mod-11-10": _mod_11_10,
    "none": lambda _: "",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """``take``: "first" or "last" keeps ``width`` characters of a longer text."""

    name: str
    title: str
    pattern: str
    take: str = ""
    width: int = 0

    def fit(self, text: str) -> str:
        if self.take == "first":
            return text[: self.width]
        return text[-self.width :].rjust(self.width, "0") if self.take == "last" else text


@dataclass(frozen=True, slots=True)
class CodeRule:
    """编码规则. ``issues`` is False for a form that is only read, never given here."""

    key: str
    title: str
    separator: str
    check: str
    example: str
    segments: tuple[Segment, ...]
    issues: bool = True

    @property
    def shape(self) -> re.Pattern[str]:
        parts = [f"(?P<{s.name}>{s.pattern})" for s in self.segments]
        tail = [] if self.check == "none" else ["(?P<check>[0-9A-Z])"]
        return re.compile(re.escape(self.separator).join([*parts, *tail]))

    def check_character(self, body: str) -> str:
        return CHECKS[self.check]("".join(c for c in body if c in ALPHABET))

    def build(self, values: Mapping[str, str]) -> str:
        """Return the identifier; raises ``ValueError`` for parts that do not fit."""
        parts = [s.fit(values[s.name]) for s in self.segments]
        body = self.separator.join(parts)
        tail = self.check_character(body)
        found = self.separator.join([*parts, tail]) if tail else body
        if not self.shape.fullmatch(found):
            raise ValueError("division, department, domain or serial do not fit an identifier")
        return found

    def parse(self, code: str) -> dict[str, str]:
        """Return the parts by name. Raises: ``Unfit``, saying whether only the check is wrong."""
        found = self.shape.fullmatch(code)
        if found is None:
            raise Unfit(f"不是“{self.title}”的结构，例：{self.example}")
        parts = found.groupdict()
        check = parts.get("check", "")
        if check and self.check_character(code[: found.start("check")]) != check:
            raise Unfit("校验码不符：标识中有一位写错，或抄漏", is_check=True)
        return parts


@cache
def rules() -> Mapping[str, CodeRule]:
    """Return every rule by key, from the files."""
    folder = files("tongqu.catalog.domain") / "identifier_rules"
    found = (
        rule_of(tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(folder.iterdir(), key=lambda path: path.name)
        if path.name.endswith(".toml")
    )
    return {rule.key: rule for rule in found}


def rule_of(document: Mapping[str, object]) -> CodeRule:
    """Return the rule that a document describes; an unknown key or check is an error."""
    known = {"key", "title", "separator", "check", "example", "segments", "issues"}
    if unknown := sorted(set(document) - known):
        raise ValueError(f"unknown keys in a code rule: {unknown}")
    rows = document.get("segments")
    if not isinstance(rows, list) or not rows:
        raise ValueError("a code rule needs segments")
    if document.get("check") not in CHECKS:
        raise ValueError(f"check must be one of {sorted(CHECKS)}")
    rule = CodeRule(
        key=str(document["key"]),
        title=str(document["title"]),
        separator=str(document.get("separator", "")),
        check=str(document["check"]),
        example=str(document["example"]),
        segments=tuple(Segment(**row) for row in rows),
        issues=bool(document.get("issues", True)),
    )
    rule.parse(rule.example)  # a rule proves itself
    return rule


def rule(key: str = DEFAULT) -> CodeRule:
    """Return a rule by key. Raises: ``ValueError`` for one that is not there."""
    found = rules().get(key)
    if found is None:
        raise ValueError(f"no code rule {key!r}; there are {sorted(rules())}")
    return found


def check_character(body: str) -> str:
    """Return the ISO/IEC 7064 MOD 37,36 check character; separators do not count."""
    return rule().check_character(body)


def identifier(
    *, division: str, department: str, domain: str, serial: int, under: str = DEFAULT
) -> str:
    """Return the identifier; raises ``ValueError`` for parts that do not fit its shape."""
    values = {
        "division": division, "department": department, "domain": domain,
        "serial": f"{serial:06}",
    }  # fmt: skip
    return rule(under).build(values)


def series(*, division: str, department: str, domain: str, under: str = DEFAULT) -> str:
    """Return the name of the counter: what stands before the serial, as the rule cuts it.

    Two departments that the rule writes alike draw from one counter, so no number is given
    twice; the default rule keeps the name that it always had.
    """
    values = {"division": division, "department": department, "domain": domain}
    parts = [s.fit(values[s.name]) for s in rule(under).segments if s.name in values]
    return "entry " + "-".join(parts)


def read(code: str) -> tuple[CodeRule, dict[str, str]]:
    """Return the rule that issued a code, and its parts.

    Raises: ``Unfit``; where a shape fits and only the check fails, it says just that.
    """
    wrong: Unfit | None = None
    for known in rules().values():
        if not known.issues:
            continue
        try:
            return known, known.parse(code)
        except Unfit as unfit:
            wrong = unfit if unfit.is_check or wrong is None else wrong
    raise wrong or Unfit("不是目录标识")


def is_valid(code: str) -> bool:
    """Decide whether a code has the shape of an identifier and its right check character."""
    try:
        read(code)
    except Unfit:
        return False
    return True


def department_of(organisation_code: str, division: str) -> str:
    """Return the department part for an organisation: its code without the division."""
    rest = organisation_code.upper().removeprefix(division)
    letters = "".join(character for character in rest if character in ALPHABET)
    return letters.rjust(2, "0")


def division_of(division_code: str) -> str:
    """Return six digits of an administrative division, ``000000`` where none is known."""
    digits = "".join(
        character for character in division_code if character.isascii() and character.isdigit()
    )
    return digits[:6].ljust(6, "0")
