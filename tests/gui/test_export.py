"""Copying and saving of panels: one menu, one way to write, and nothing half done."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from pyarrow import parquet
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSettings, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QImage, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QToolButton, QWidget

from core.numbers_file import Numbers
from core.problems import FileUnreadable
from gui import export
from gui.background import Background
from gui.canvas.shapes import draw_cells, into_shapes
from gui.export import Exporter
from gui.export_menu import Offer
from gui.more_button import MoreButton
from gui.picture import image_of, png_of, svg_of
from gui.settings import Settings

# What Qt says of menus without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

RED = QColor(255, 0, 0)


class Red(QWidget):
    """A panel: red, with a text, a button, and a button for its menu."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("redPanel")
        self.shapes: list[bool] = []
        row = QHBoxLayout(self)
        self.button, self.more = QToolButton(), MoreButton("redMore", "Red")
        row.addWidget(QLabel("hello"))
        row.addWidget(self.button)
        row.addWidget(self.more)

    def paintEvent(self, event: QEvent) -> None:
        painter = QPainter(self)
        self.shapes.append(into_shapes(painter))
        painter.fillRect(self.rect(), RED)


class Released:
    def __init__(self) -> None:
        self.count = 0

    def release(self) -> None:
        self.count += 1


@pytest.fixture
def red(qtbot):
    made = Red()
    made.resize(200, 60)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


class Heard(QObject):
    """What an exporter says."""

    def __init__(self, exporter: Exporter) -> None:
        super().__init__()
        self.told: list[str] = []
        self.refused: list[str] = []
        self.problems: list[object] = []
        exporter.told.connect(self.told.append)
        exporter.refused.connect(self.refused.append)
        exporter.problemRaised.connect(self.problems.append)


@pytest.fixture
def settings(tmp_path):
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def asked():
    """What the user was asked; answers with the file names put into it."""
    return []


@pytest.fixture
def exporter(red, settings, asked, tmp_path):
    def ask(_parent, title, proposed, kinds):
        asked.append((title, proposed, kinds))
        return tmp_path / ask.answer if ask.answer else None

    ask.answer = "saved.csv"
    background = Background()
    made = Exporter(background, settings, red, ask)
    made.ask, made.background, made.heard = ask, background, Heard(made)
    yield made
    background.close()


@pytest.fixture
def offer(red):
    numbers = Numbers(("id", "0"), (np.arange(2), np.array([0.1, 2], np.float32)))
    return Offer("Red things", red, lambda: numbers, red.more)


def done(qtbot, exporter):
    qtbot.waitUntil(lambda: exporter.background.current is None, timeout=30_000)


# ── pictures ─────────────────────────────────────────────────────────────────────────────────


def test_a_picture_has_what_is_shown_but_no_buttons(red):
    red.button.setFocus()
    image = image_of(red)
    where = red.button.geometry().center() * image.devicePixelRatio()
    assert image.pixelColor(where) == RED
    assert red.button.isVisible()
    assert red.button.hasFocus()
    assert not red.button.sizePolicy().retainSizeWhenHidden()


def test_a_png_is_the_picture(red):
    read = QImage.fromData(png_of(red))
    assert read.size() == red.size() * red.devicePixelRatioF()
    assert read.pixelColor(2, 2) == RED


def test_an_svg_has_shapes_and_text_and_no_pixels(red):
    drawn = svg_of(red, "Red & white").decode("utf-8")
    assert "<text" in drawn
    assert "hello" in drawn
    assert "<image" not in drawn
    assert "Red &amp; white" in drawn
    assert red.shapes[-1]  # whoever draws pixels knows to draw shapes
    red.repaint()
    assert not red.shapes[-1]


class Cells(QWidget):
    def paintEvent(self, event: QEvent) -> None:
        image = QImage(3, 2, QImage.Format.Format_RGB32)
        image.fill(RED)
        draw_cells(QPainter(self), QRectF(0, 0, 30, 20), image)
        draw_cells(QPainter(self), QRectF(0, 20, 30, 10), image, 1)


def test_cells_become_shapes(qtbot):
    cells = Cells()
    qtbot.addWidget(cells)
    cells.resize(30, 30)
    drawn = svg_of(cells, "cells").decode("utf-8")
    assert "<image" not in drawn
    assert drawn.count("<rect") == 1 + 3 * 2 + 3  # the first is the ground
    assert image_of(cells).pixelColor(15, 25) == RED


def test_copying_a_picture(exporter, offer):
    exporter.copy_picture(offer)
    assert QGuiApplication.clipboard().image().pixelColor(2, 2) == RED
    assert exporter.heard.told == ["Picture copied."]


@pytest.mark.parametrize(("name", "begins"), [("a.png", b"\x89PNG"), ("a.SVG", b"<?xml")])
def test_saving_a_picture_in_the_kind_of_its_name(exporter, offer, tmp_path, name, begins):
    exporter.ask.answer = name
    exporter.save_picture(offer)
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert exporter.heard.told == [f"Saved {name}."]


def test_a_picture_that_cannot_be_saved_is_a_problem(exporter, offer, tmp_path):
    exporter.ask.answer = "gone/a.png"
    exporter.save_picture(offer)
    path = str(tmp_path / "gone" / "a.png")
    assert exporter.heard.problems == [FileUnreadable(path, "No such file or directory")]
    assert exporter.heard.told == []


# ── numbers ──────────────────────────────────────────────────────────────────────────────────


def test_saving_numbers(qtbot, exporter, offer, tmp_path):
    exporter.save_numbers(offer)
    done(qtbot, exporter)
    assert (tmp_path / "saved.csv").read_text() == "id,0\n0,0.1\n1,2\n"
    assert exporter.heard.told == ["Saved saved.csv."]


def test_saving_numbers_as_parquet(qtbot, exporter, offer, asked, tmp_path):
    exporter.ask.answer = "saved.PARQUET"
    exporter.save_numbers(offer)
    done(qtbot, exporter)
    assert "(*.parquet)" in asked[0][2]
    saved = parquet.read_table(tmp_path / "saved.PARQUET")
    assert str(saved.schema.field("0").type) == "float"
    assert saved.column("0").to_pylist() == [np.float32(0.1), 2]
    assert exporter.heard.told == ["Saved saved.PARQUET."]


def test_copying_numbers(qtbot, exporter, offer):
    exporter.copy_numbers(offer)
    done(qtbot, exporter)
    assert QGuiApplication.clipboard().text() == "id\t0\n0\t0.1\n1\t2\n"
    assert exporter.heard.told == ["2 rows copied."]


def test_too_many_numbers_for_a_clipboard_are_not_copied_in_part(exporter, offer, monkeypatch):
    monkeypatch.setattr(export, "MOST_COPIED", 3)
    held = Released()
    numbers = replace(offer.numbers(), held=held)
    exporter.copy_numbers(replace(offer, numbers=lambda: numbers))
    assert exporter.heard.refused == ["These are more than 3 numbers: save them to a file instead."]
    assert held.count == 1


def test_nothing_yet_is_said(exporter, offer):
    empty = replace(offer, numbers=lambda: None)
    exporter.copy_numbers(empty)
    exporter.save_numbers(empty)
    assert exporter.heard.refused == ["There are no numbers here yet."] * 2


def test_a_name_is_proposed_in_the_folder_of_last_time(exporter, offer, asked, tmp_path):
    (tmp_path / "there").mkdir()
    exporter.ask.answer = "there/a.png"
    exporter.save_picture(offer)
    exporter.ask.answer = None
    exporter.save_numbers(offer)
    assert asked[1][:2] == ("Save numbers", tmp_path / "there" / "red-things.csv")
    assert exporter.background.current is None


def test_an_unwritable_place_is_a_problem_and_lets_go(qtbot, exporter, offer, tmp_path):
    held = Released()
    numbers = replace(offer.numbers(), held=held)
    exporter.ask.answer = "gone/a.csv"
    exporter.save_numbers(replace(offer, numbers=lambda: numbers))
    done(qtbot, exporter)
    path = str(tmp_path / "gone" / "a.csv")
    assert exporter.heard.problems == [FileUnreadable(path, "No such file or directory")]
    assert held.count


def test_stopped_before_it_began_it_lets_go_too(qtbot, exporter, offer, tmp_path):
    held, go_on = Released(), threading.Event()
    numbers = replace(offer.numbers(), held=held)
    exporter.save_numbers(replace(offer, numbers=lambda: numbers))
    exporter.background.stop()
    go_on.set()
    done(qtbot, exporter)
    qtbot.waitUntil(lambda: held.count > 0)
    assert exporter.heard.told == []


# ── the menu ─────────────────────────────────────────────────────────────────────────────────


def press(widget, kind, place):
    right = Qt.MouseButton.RightButton
    at = QPointF(place)
    held = right if kind == QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
    glob = QPointF(widget.mapToGlobal(place))
    event = QMouseEvent(kind, at, glob, right, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def test_the_button_and_a_right_click_open_the_menu(exporter, offer, red):
    menu = exporter.offer(offer)
    QTest.mouseClick(red.more, Qt.MouseButton.LeftButton)
    assert menu.isVisible()
    menu.close()
    mouse = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(red, QContextMenuEvent(mouse, QPoint(5, 5), QPoint(5, 5)))
    assert menu.isVisible()
    menu.close()


def test_where_the_right_button_drags_only_a_click_opens_it(exporter, offer, red):
    menu = exporter.offer(replace(offer, drags=red.button))
    down, up = QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease
    mouse = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(red.button, QContextMenuEvent(mouse, QPoint(5, 5), QPoint(5, 5)))
    press(red.button, down, QPoint(5, 5))
    press(red.button, up, QPoint(65, 5))
    assert not menu.isVisible()
    press(red.button, down, QPoint(5, 5))
    press(red.button, up, QPoint(6, 5))
    assert menu.isVisible()
    menu.close()


def test_each_entry_does_what_it_says(qtbot, exporter, offer, asked):
    menu = exporter.offer(offer)
    exporter.ask.answer = None
    for action in menu.actions():
        if not action.isSeparator():
            action.trigger()
    done(qtbot, exporter)
    assert sorted(exporter.heard.told) == ["2 rows copied.", "Picture copied."]
    assert [title for title, _, _ in asked] == ["Save picture", "Save numbers"]
