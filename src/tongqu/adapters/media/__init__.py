"""Documents and media: what a file is by its own bytes, where it is kept, how it is shown."""
