"""Who may take which step: the role of a row in the state table, as a permission."""

from tongqu.identity.vocabulary import Permission, Role
from tongqu.sharing.vocabulary import Command

ROLE_PERMISSION: dict[str, Permission] = {
    Role.CONSUMER.value: Permission.SHARING_REQUEST_SUBMIT,
    Role.SUPPORT.value: Permission.SHARING_REQUEST_FIRST_REVIEW,
    Role.PROVIDER_REVIEWER.value: Permission.SHARING_REQUEST_PROVIDER_REVIEW,
    Role.MANAGING_OFFICE.value: Permission.SHARING_REQUEST_MANAGING_APPROVE,
}
# Steps that decide about somebody's request: who filed it may not take them (B.3).
DECIDING = frozenset(
    {
        Command.PASS, Command.PASS_OWN, Command.ASK_SUPPLEMENT, Command.FAIL, Command.APPROVE,
        Command.APPROVE_PART, Command.REFUSE, Command.AGREE, Command.DISAGREE, Command.CONNECTED,
        Command.MEDIATE, Command.UNCONNECTABLE,
    }
)  # fmt: skip
