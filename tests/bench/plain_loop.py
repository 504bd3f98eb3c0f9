"""A bare script's training loop: steps per second, V=1,000, D=32, batch 64, skip-gram, SGD."""

import sys
import time

import torch

from tests.bench.processes import tell
from tests.bench.skip_gram_text import PlainSkipGram, encoded


def main(seconds: float, threads: int) -> None:
    """Train for `seconds` with as many threads as the engine uses."""
    torch.set_num_threads(threads)
    model = PlainSkipGram(encoded(1000), 1000, 32, sparse=False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model.train(optimizer, 200, 64)
    begun, steps = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        model.train(optimizer, 100, 64)
        steps += 100
    tell(steps_per_second=steps / (time.perf_counter() - begun))


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
