"""Waiting for something to become true, without sleeping past the end of a program."""

import os
import select
import time
from collections.abc import Callable
from subprocess import Popen
from typing import TypeVar

T = TypeVar("T")

SECONDS_BETWEEN = 0.03


def wait_until(
    predicate: Callable[[], T],
    timeout: float = 30.0,
    *,
    what: str = "",
    program: "Popen[bytes] | None" = None,
) -> T:
    """The first true value of `predicate`, asked again and again for `timeout` seconds.

    Fails at once when `program` ends meanwhile, and names `what` was waited for.
    """
    end = time.monotonic() + timeout
    watched = [] if program is None else [os.pidfd_open(program.pid)]
    try:
        while True:
            value = predicate()
            if value:
                return value
            if time.monotonic() > end:
                raise AssertionError(f"not within {timeout:g} s: {what or predicate}")
            ended, _, _ = select.select(watched, [], [], SECONDS_BETWEEN)
            if ended:
                raise AssertionError(f"the program ended before: {what or predicate}")
    finally:
        for descriptor in watched:
            os.close(descriptor)
