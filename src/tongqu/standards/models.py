"""Tables of standards."""
