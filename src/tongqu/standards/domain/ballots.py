"""When a ballot of the standards committee is passed."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tongqu.kernel.law import Assumption
from tongqu.standards.vocabulary import Vote

RULE = Assumption(
    "委员表决：四分之三以上委员参加，参加者三分之二以上赞成，反对不超过参加者四分之一，方为通过"
)
QUORUM, MOST_FOR, MOST_AGAINST = Fraction(3, 4), Fraction(2, 3), Fraction(1, 4)


@dataclass(frozen=True, slots=True)
class Result:
    members: int
    cast: int
    in_favour: int
    against: int

    @property
    def is_passed(self) -> bool:
        if not self.members or not self.cast:
            return False
        return (
            Fraction(self.cast, self.members) >= QUORUM
            and Fraction(self.in_favour, self.cast) >= MOST_FOR
            and Fraction(self.against, self.cast) <= MOST_AGAINST
        )


def count(votes: Sequence[Vote], members: int) -> Result:
    return Result(
        members=members,
        cast=len(votes),
        in_favour=sum(vote is Vote.FOR for vote in votes),
        against=sum(vote is Vote.AGAINST for vote in votes),
    )
