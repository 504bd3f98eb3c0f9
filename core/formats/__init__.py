"""The files that tables are written to and read from, one module a format."""
