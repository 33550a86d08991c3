"""Whose duty covers every department's registers; everybody else sees and writes their own."""

from tongqu.identity.vocabulary import Permission, Role

SEES_ALL = frozenset({Role.MANAGING_OFFICE.value, Role.SUPPORT.value, Role.SUPERVISOR.value})
# The role of a row in a state table, as a permission.
ROLE_PERMISSION: dict[str, Permission] = {
    Role.CATALOGUER.value: Permission.FUNCTIONS_REGISTER_EDIT,
    Role.PROVIDER_REVIEWER.value: Permission.FUNCTIONS_REGISTER_CONFIRM,
    Role.MANAGING_OFFICE.value: Permission.FUNCTIONS_REGISTER_APPROVE,
}
