"""Pages of the catalogue: for everybody, and for the workbench."""
