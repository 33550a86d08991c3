"""Reading standards."""
