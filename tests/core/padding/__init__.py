"""Tests of the padding laboratory against plain torch."""
