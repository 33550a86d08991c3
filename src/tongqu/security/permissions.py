"""What the pages of this room ask for; which role has it is identity's matrix."""

from tongqu.identity.vocabulary import Permission

EVENT_READ = Permission.SECURITY_EVENT_READ
KEY_READ = Permission.PORTAL_PAGE_READ  # public keys are for everybody
