"""What the pages of this room ask for; which role has it is identity's matrix."""

CHAIN_VERIFY = "audit.chain.verify"
HEAD_READ = "portal.page.read"  # heads and fingerprints are for everybody to keep
TRAIL_READ = "audit.trail.read"
