"""Nonlinear maps of the rows, t-SNE and UMAP, made in a process of their own."""
