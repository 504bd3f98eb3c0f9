"""Made-up sentences with a vocabulary of a given size; without torch, which no window loads."""

import numpy as np


def sentences(words: int, count: int = 4000, length: int = 8) -> str:
    """`count` sentences of `length` drawn from `words` words, each of which occurs."""
    drawn = np.random.default_rng(0).integers(0, words, (count, length))
    drawn.flat[:words] = np.arange(words)
    return "\n".join(" ".join(f"w{word}" for word in line) for line in drawn)
