"""Clauses by document: our own gist, and a key phrase by which a test finds the place."""
