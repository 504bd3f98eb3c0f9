"""The window's panels: each gets the Session, and none knows another."""
