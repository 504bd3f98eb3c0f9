"""The heaps of the C library."""

import sys

from gui.heaps import share_heaps


def test_glibc_shares_heaps_and_others_are_left_alone() -> None:
    assert share_heaps() == sys.platform.startswith("linux")
