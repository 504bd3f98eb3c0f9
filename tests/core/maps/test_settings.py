"""What a map is made with, and what is said of the time it takes."""

import pytest

from core.maps.settings import (
    MapSettings,
    default_settings,
    estimated_seconds,
    fitting_neighbours,
    is_installed,
    looked_at,
)


def test_the_perplexity_fits_the_rows() -> None:
    wanted = MapSettings(neighbours=30)
    assert fitting_neighbours(wanted, 91) == 30  # 3 × 30 others
    assert fitting_neighbours(wanted, 61) == 20
    assert looked_at(wanted, 61) == 60
    assert looked_at(wanted, 8) == 7


def test_umap_counts_the_row_itself_among_its_neighbours() -> None:
    wanted = default_settings("umap")
    assert fitting_neighbours(wanted, 1_000) == 15
    assert looked_at(wanted, 1_000) == 14
    assert fitting_neighbours(wanted, 8) == 8
    assert looked_at(wanted, 8) == 7


def test_the_estimate_grows_with_the_rows_up_to_the_sample() -> None:
    settings = MapSettings(most_rows=5_000)
    small, large = (estimated_seconds(settings, rows, 2) for rows in (1_000, 5_000))
    assert 1 < small < large < 120
    assert estimated_seconds(settings, 1_000_000, 2) == large
    # A million rows: hours, in two dimensions as in three.
    million = MapSettings(most_rows=1_000_000)
    assert estimated_seconds(million, 1_000_000, 2) > 3_600
    assert estimated_seconds(million, 1_000_000, 3) > estimated_seconds(million, 1_000_000, 2)


@pytest.mark.parametrize("method", ["tsne", "umap"])
def test_both_packages_are_there_for_the_tests(method) -> None:
    assert is_installed(method)
