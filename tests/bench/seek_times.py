"""How long it takes to show any of 10,000 steps, as an engine and what reads its frames see it.

V=1,000, D=32, batch 64, skip-gram, SGD: asked for, done again from the nearest keyframe, in memory.
"""

import random
import statistics
import tempfile
import time
from pathlib import Path

from core.client import EngineClient
from core.config import ObjectiveConfig, OptimizerConfig, RunConfig, TableConfig
from tests.bench.processes import tell
from tests.bench.skip_gram_text import encoded

STEPS, SEEKS = 10_000, 60


def main() -> None:
    """Train, then seek steps drawn at random."""
    config = RunConfig(
        TableConfig(1000, 32), ObjectiveConfig("skip-gram"), OptimizerConfig("sgd", 0.1), 64
    )
    with tempfile.TemporaryDirectory() as folder, EngineClient() as engine:
        keyframes = Path(folder) / "keyframes"
        engine.build(config, encoded(1000), keyframes=keyframes)
        for _ in engine.train(STEPS):
            pass
        drawn = random.Random(0).sample(range(STEPS + 1), SEEKS)
        seconds = []
        for step in drawn:
            begun = time.perf_counter()
            engine.seek(step)
            seconds.append(time.perf_counter() - begun)
        size = sum(path.stat().st_size for path in keyframes.iterdir())
    tell(
        median=statistics.median(seconds) * 1000,
        worst=max(seconds) * 1000,
        megabytes=size / 2**20,
    )


if __name__ == "__main__":
    main()
