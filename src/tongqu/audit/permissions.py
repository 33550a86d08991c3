"""What the pages of this room ask for; which role has it is identity's matrix."""

CHAIN_VERIFY = "audit.chain.verify"
TRAIL_READ = "audit.trail.read"
