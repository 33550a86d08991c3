"""Words of supervision: 信息化项目数据监管与整改."""

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {}
