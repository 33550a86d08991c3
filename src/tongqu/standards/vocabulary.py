"""Words of standards: 标准规范、数据元、代码集与对照：标准变成可执行的规则."""

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {}
