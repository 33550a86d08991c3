"""The catalogue's search index: embedded tantivy, a projection of the database on this node."""
