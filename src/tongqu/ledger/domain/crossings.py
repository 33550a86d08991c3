"""三融五跨: what a flow of data crosses, computed from where it begins and where it ends."""

from dataclasses import dataclass

from tongqu.ledger.vocabulary import Crossing

_PROVINCE, _CITY = 2, 4  # digits of a division code that name the province, the city


@dataclass(frozen=True, slots=True)
class Place:
    """One end of a flow. Empty texts mean unknown, and what is unknown crosses nothing."""

    department: str
    level: str
    division: str = ""  # six digits; 990000 is a whole province
    system: str = ""
    business: str = ""


def crossings(source: Place, target: Place) -> tuple[Crossing, ...]:
    """Return what lies between the two ends, in the order of the vocabulary.

    Regions differ when neither lies in the other: a city's data that goes to its own
    province rises a level and stays in the region.
    """
    crossed = {
        Crossing.SYSTEM: _differ(source.system, target.system),
        Crossing.DEPARTMENT: _differ(source.department, target.department),
        Crossing.BUSINESS: _differ(source.business, target.business),
        Crossing.LEVEL: _differ(source.level, target.level),
        Crossing.REGION: _apart(source.division, target.division),
    }
    return tuple(flag for flag in Crossing if crossed[flag])


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _apart(one: str, other: str) -> bool:
    a, b = _named(one), _named(other)
    return bool(a and b) and not (a.startswith(b) or b.startswith(a))


def _named(division: str) -> str:
    """Return the digits that name the place: 360000 → 36, 360700 → 3607, 360702 → 360702."""
    code = division[:6]
    if len(code) < 6 or code == "000000":
        return ""
    if code.endswith("0000"):
        return code[:_PROVINCE]
    return code[:_CITY] if code.endswith("00") else code
