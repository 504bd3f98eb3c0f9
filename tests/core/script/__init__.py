"""Scripts that sessions are written to."""
