"""The real program in a real X window."""
