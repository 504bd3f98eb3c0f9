"""What pads do to a model: heads over an embedding, and probes that measure where pads leak."""
