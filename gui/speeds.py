"""The speeds that "Faster" and "Slower" go through."""

SPEEDS: tuple[float | None, ...] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, None)
"""Steps per second; None is as fast as it goes."""


def next_speed(speed: float | None, direction: int) -> float | None:
    """The next of `SPEEDS` above (`direction` 1) or below (−1) `speed`; the last one stays."""
    limits = [float("inf") if limit is None else limit for limit in SPEEDS]
    now = float("inf") if speed is None else speed
    if direction > 0:
        beyond = [limit for limit in limits if limit > now]
        found = beyond[0] if beyond else limits[-1]
    else:
        beyond = [limit for limit in limits if limit < now]
        found = beyond[-1] if beyond else limits[0]
    return None if found == float("inf") else found
