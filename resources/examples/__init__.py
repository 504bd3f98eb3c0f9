"""Texts to begin with."""
