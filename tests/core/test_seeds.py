"""The seed of each step: documented, and different for neighbouring runs and steps."""

import torch

from core.seeds import SPREAD, seed_of_step


def test_the_documented_formula() -> None:
    assert seed_of_step(0, 1) == 1
    # 2 · 2,654,435,761 + 5 = 5,308,871,527, less 2**32 = 4,294,967,296
    assert seed_of_step(2, 5) == 1_013_904_231
    assert seed_of_step(2**32 - 1, 2**40) < 2**32


def test_the_spread_is_the_prime_nearest_to_the_golden_part_of_32_bits() -> None:
    golden = 2**32 * (5**0.5 - 1) / 2
    # Only 2,654,435,769 itself lies as near, and it is 3 · 884,811,923.
    assert abs(SPREAD - golden) < 10
    assert all(SPREAD % divisor for divisor in range(2, int(SPREAD**0.5) + 1))


def test_runs_of_neighbouring_seeds_share_no_batch() -> None:
    steps = 10_000
    drawn = {seed_of_step(seed, step) for seed in range(20) for step in range(1, steps + 1)}
    assert len(drawn) == 20 * steps


def test_torch_reads_only_the_low_32_bits() -> None:
    # This is why the seed and the step are mixed into 32 bits.
    low, high = torch.Generator(), torch.Generator()
    low.manual_seed(7)
    high.manual_seed(7 + 2**32)
    assert torch.equal(torch.rand(4, generator=low), torch.rand(4, generator=high))
