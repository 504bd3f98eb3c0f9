"""The message bar: it stays until it is closed or solved, and follows theme and text size."""

from collections.abc import Iterator
from functools import partial
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from gui.message_bar import MessageBar
from gui.theme import DARK, LIGHT, ThemeChoice, apply_theme


@pytest.fixture(autouse=True)
def theme_of_the_system_again(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, "system")


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.resize(500, 40)
    bar.show_message("The file is not UTF-8 text.", "opening")
    return bar


def test_it_stays_until_what_it_tells_of_is_solved(bar: MessageBar) -> None:
    bar.solve("something else")
    assert bar.isVisible()
    assert bar.text == "The file is not UTF-8 text."
    bar.solve("opening")
    assert not bar.isVisible()
    assert bar.text == ""


def test_it_is_closed_by_its_button_and_by_escape(bar: MessageBar, qtbot: QtBot) -> None:
    close = bar.findChild(QToolButton, "messageCloseButton")
    assert close is not None
    close.click()
    assert not bar.isVisible()
    bar.show_message("Another.")
    qtbot.keyClick(bar, Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_a_later_message_hides_none_from_another_source(bar: MessageBar) -> None:
    more = bar.findChild(QLabel, "messageMore")
    assert more is not None
    assert more.isHidden()
    bar.show_message("It was trained elsewhere.", "machine")
    bar.show_message("It was trained on another machine.", "machine")
    assert bar.text == "It was trained on another machine."
    assert (more.isVisible(), more.text()) == (True, "1 more")
    bar.dismiss()
    assert bar.text == "The file is not UTF-8 text."
    assert more.isHidden()
    bar.show_message("On top.")
    bar.show_message("On top.")
    bar.solve("opening")  # which lies under it
    assert (bar.text, more.isHidden()) == ("On top.", True)
    bar.dismiss()
    assert not bar.isVisible()


def test_ground_and_ink_follow_the_theme(bar: MessageBar, qtbot: QtBot, qapp: QApplication) -> None:
    label = bar.findChild(QLabel, "messageText")
    assert label is not None

    def colours() -> tuple[QColor, QColor]:
        ground = bar.grab().toImage().pixelColor(bar.width() // 2, 3)
        return ground, label.palette().color(label.foregroundRole())

    for choice, theme in (("light", LIGHT), ("dark", DARK), ("light", LIGHT)):
        apply_theme(qapp, cast("ThemeChoice", choice))
        wanted = (theme.surface, theme.text)
        qtbot.waitUntil(partial(lambda wanted: colours() == wanted, wanted))


def test_its_text_grows_with_all_text(bar: MessageBar, qtbot: QtBot, qapp: QApplication) -> None:
    label = bar.findChild(QLabel, "messageText")
    assert label is not None
    before = qapp.font()
    larger = qapp.font()
    larger.setPointSizeF(1.5 * before.pointSizeF())
    qapp.setFont(larger)
    try:
        qtbot.waitUntil(lambda: label.font().pointSizeF() == larger.pointSizeF())
    finally:
        qapp.setFont(before)
