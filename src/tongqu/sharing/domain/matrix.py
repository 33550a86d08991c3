"""Who may do what in which state, written out: for the documents and for the tests."""

from tongqu.identity.vocabulary import ROLE_LABELS, Role
from tongqu.sharing.domain.states import PLATFORM, REQUEST
from tongqu.sharing.vocabulary import STATE_LABELS, State


def allowed(role: str, state: State) -> tuple[str, ...]:
    """Return the labels of the steps open to a role (or the platform) in a state."""
    return tuple(step.label for step in REQUEST.allowed(state, frozenset({role})))


def matrix_markdown() -> str:
    """Return the matrix of roles and states as a Markdown table; idle roles are left out."""
    actors = [role for role in Role if any(step.actor == role for step in REQUEST.steps)]
    columns: list[tuple[str, str]] = [(role.value, ROLE_LABELS[role]) for role in actors]
    columns.append((PLATFORM, "共享平台"))
    head = ["| 状态 | " + " | ".join(label for _, label in columns) + " |"]
    head.append("| --- " * (len(columns) + 1) + "|")
    rows = [
        f"| {STATE_LABELS[state]} | "
        + " | ".join("、".join(allowed(role, state)) or "—" for role, _ in columns)
        + " |"
        for state in State
    ]
    return "\n".join(head + rows) + "\n"
