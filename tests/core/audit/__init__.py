"""Tests of the audit: what each finding fires on, and what, nearly the same, it leaves alone."""
