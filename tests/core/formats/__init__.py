"""Tests of the formats: the same bits back, or a problem that names file and place."""
