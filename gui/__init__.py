"""Embedscope's window: Qt only. Never imports torch."""
