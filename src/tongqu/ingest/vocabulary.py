"""Words of this room."""

PROBLEM_STATUS: dict[str, int] = {}  # codes answered with something else than 422
