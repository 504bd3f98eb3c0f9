"""Tests of the nonlinear maps."""
