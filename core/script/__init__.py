"""A session written out as a plain PyTorch script, which prints the same losses."""
