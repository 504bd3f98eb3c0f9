"""A plot of losses follows the theme, also one that is switched while it is there."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.canvas.calm_plot import CalmPlot
from gui.theme import DARK, LIGHT, apply_theme


def test_a_plot_takes_the_ground_of_a_theme_that_is_switched(qtbot, qapp):
    panel = QWidget()
    qtbot.addWidget(panel)
    plot = CalmPlot("losses", "Losses", "loss")
    QVBoxLayout(panel).addWidget(plot)
    panel.show()
    try:
        apply_theme(qapp, "light")
        plot.tint()
        assert plot.backgroundBrush().color() == LIGHT.surface
        apply_theme(qapp, "dark")
        qtbot.waitUntil(lambda: plot.backgroundBrush().color() == DARK.surface)
    finally:
        apply_theme(qapp, "light")


def test_an_empty_plot_has_no_numbers_beside_it(qtbot):
    plot = CalmPlot("losses", "Losses", "loss")
    qtbot.addWidget(plot)
    axes = [plot.getAxis(side) for side in ("left", "bottom")]
    for numbered in (False, True, False):
        plot.number_axes(numbered)
        assert [axis.style["showValues"] for axis in axes] == [numbered, numbered]
