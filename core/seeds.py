"""Where randomness comes from: one seed for each step, so that any step can be done again.

torch's CPU generator (mt19937) uses only the low 32 bits of a seed, so (seed, step) is mixed into
32 bits: seeds are spread over them by Knuth's multiplicative hashing (The Art of Computer
Programming, vol. 3, section 6.4), and steps count up from there.
"""

SPREAD = 2_654_435_761  # the prime nearest to 2**32 divided by the golden ratio


def seed_of_step(seed: int, step: int) -> int:
    """The generator seed for the batch of step `step` (from 1) of a run seeded `seed`."""
    return (seed * SPREAD + step) % 2**32
