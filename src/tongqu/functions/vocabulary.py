"""Words of functions: 职能清、应用清、业务泳道图，及其与目录的联系."""

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {}
