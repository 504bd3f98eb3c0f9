"""Tests of saving and opening projects."""
