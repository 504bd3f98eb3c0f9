"""What ships with Embedscope as data."""
