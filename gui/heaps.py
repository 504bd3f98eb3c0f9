"""How many heaps the C library keeps for the threads of the window."""

import ctypes

M_ARENA_MAX = -8  # of glibc's malloc.h
HEAPS = 2


def share_heaps() -> bool:
    """Let all threads share two heaps; True if the C library can be told so (glibc can).

    Each thread that reads a table would else keep a heap of its own, and what one has freed there
    no other can use: tens of megabytes for each at a million rows.
    """
    try:
        return bool(ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS))
    except (OSError, AttributeError, TypeError):  # another C library
        return False
