"""Tests of core; none of them needs Qt."""
