"""What the tests of maps share."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

OPENMP = "openmp"


def openmp_threads() -> set[int]:
    """How many threads each OpenMP that is loaded computes with."""
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == OPENMP}


@contextmanager
def one_thread_after() -> Iterator[None]:
    """Put back what UMAP's compiler changes: the threads of every OpenMP, torch's too.

    Other tests of the same process compare bits, which may depend on them.
    """
    try:
        yield
    finally:
        threadpool_limits(1, user_api=OPENMP)  # as `OMP_NUM_THREADS` says, for all tests


@pytest.fixture(autouse=True)
def threads_as_before() -> Iterator[None]:
    """Let each test begin with one thread."""
    with one_thread_after():
        yield
