"""Who may take which step: the role of a row in the state table, as a permission."""

from tongqu.identity.vocabulary import Permission, Role

ROLE_PERMISSION: dict[str, Permission] = {
    Role.PROVIDER_REVIEWER.value: Permission.OPENING_CASE_LEGAL,
    Role.SECURITY_OFFICER.value: Permission.OPENING_CASE_SAFETY,
    Role.MANAGING_OFFICE.value: Permission.OPENING_CASE_DECIDE,
}
