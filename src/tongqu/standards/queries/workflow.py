"""Reading the making of a standard."""

from tongqu.identity.public import holders_of
from tongqu.identity.vocabulary import Role
from tongqu.standards.domain.ballots import Result, count
from tongqu.standards.models import Standard
from tongqu.standards.queries.library import round_of
from tongqu.standards.vocabulary import Vote


def ballot_result(row: Standard) -> Result:
    """Count the votes of the present round against today's members of the committee."""
    votes = row.ballots.filter(round=round_of(row)).values_list("vote", flat=True)
    return count([Vote(vote) for vote in votes], holders_of(Role.STANDARDS_COMMITTEE).count())
