"""Words of ledger: 资源调查、目录融合、授权运营清单、应归未归与存量."""

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {}
