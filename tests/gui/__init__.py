"""Tests of single widgets and of the window, offscreen."""
