"""Embedscope's model: vocabulary, nn.Embedding table, training, projection. Imports no Qt."""
