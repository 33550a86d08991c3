"""How texts and queries become what the index keeps: spelling, words, tokens, synonyms."""
