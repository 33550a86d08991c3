"""Another place for what must not be lost, and the control database as files."""
