"""The switch button: on and off are told apart in both themes, and its word fits."""

from collections.abc import Iterator
from typing import cast

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.canvas.switch_button import SwitchButton
from gui.theme import DARK, LIGHT, Theme, ThemeChoice, apply_theme


@pytest.fixture(autouse=True)
def theme_of_the_system_again(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, "system")


@pytest.fixture
def button(qtbot: QtBot) -> SwitchButton:
    button = SwitchButton()
    qtbot.addWidget(button)
    button.setText("2-D")
    button.setCheckable(True)
    button.show()
    return button


def ground(button: SwitchButton) -> QColor:
    return button.grab().toImage().pixelColor(button.width() // 2, 3)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_on_is_filled(button: SwitchButton, qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    apply_theme(qapp, cast("ThemeChoice", theme.name))
    qtbot.waitUntil(lambda: ground(button) == theme.raised)
    button.setChecked(True)
    assert ground(button) == theme.accent


def test_it_grows_with_its_text(button: SwitchButton) -> None:
    before = button.sizeHint()
    font = button.font()
    font.setPointSizeF(2 * font.pointSizeF())
    button.setFont(font)
    after = button.sizeHint()
    assert after.width() > before.width()
    assert after.height() > before.height()
    assert after.width() > button.fontMetrics().horizontalAdvance("2-D")
