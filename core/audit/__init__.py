"""Findings about a table, its sentences, its optimizer and its objective. Needs no torch."""
