"""Live databases: what they say about their own tables. Read only, and only where allowed."""
