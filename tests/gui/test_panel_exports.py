"""Every panel of the window, copied and saved: whole, and exactly what is on screen."""

import csv
import json

import numpy as np
import pytest
from pyarrow import parquet
from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from gui.faults import Faults
from gui.session import Session
from gui.settings import Settings
from gui.theme import apply_theme
from gui.window import Window

# What Qt says of menus without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(qtbot, qapp, tmp_path):
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    apply_theme(qapp, "light")
    made = Window(qapp, Session(), settings, Faults())
    made.show()
    qtbot.waitUntil(lambda: made._session.shown is not None, timeout=30_000)
    made._session.step(3)
    qtbot.waitUntil(lambda: made._session.shown.step == 3, timeout=30_000)
    yield made
    made.close()
    made.deleteLater()


PANELS = {
    "spacePanel": ["id", "token", "PC 1", "PC 2"],
    "tablePanel": ["id", "token", "count", "0", "1", "2"],
    "lossPanel": ["step", "loss"],
    "trainedPanel": ["example", "role", "token", "id"],
    "tokenDetailsPanel": ["column", "value"],
    "movementPanel": ["column", "before", "after"],
    "nearestPanel": ["rank", "token", "id", "cosine"],
    "lookupPanel": ["column", "one-hot × table", "table[id]", "difference"],
    "linePanel": ["token", "id", "known", "0", "1", "2"],
}


def test_every_panel_is_saved_as_png_svg_csv_and_parquet(qtbot, window, tmp_path):
    window._tabs.setCurrentIndex(1)  # the Lookup tab multiplies only when it is seen
    window._tabs.setCurrentIndex(0)
    told: list[str] = []
    window.exporter.told.connect(told.append)
    for name, header in PANELS.items():
        panel = window.findChild(QWidget, name)
        if name == "lookupPanel":
            window._tabs.setCurrentIndex(1)
        if name == "nearestPanel":
            window._details.setCurrentWidget(panel)
            qtbot.waitUntil(lambda: window._session.nearest.answer is not None, timeout=30_000)
        if name == "movementPanel":
            window._details.setCurrentWidget(panel)
            qtbot.waitUntil(lambda: window._session.movement.movement is not None, timeout=30_000)
        menu = panel.findChild(QObject, f"{name}Menu")
        actions = {action.objectName(): action for action in menu.actions()}
        for entry, suffix in (
            ("savePicture", "png"),
            ("savePicture", "svg"),
            ("saveNumbers", "csv"),
            ("saveNumbers", "parquet"),
        ):
            path = tmp_path / f"{name}.{suffix}"
            window.exporter._ask = lambda *_, path=path: path
            actions[entry].trigger()
            qtbot.waitUntil(lambda path=path: f"Saved {path.name}." in told, timeout=30_000)
        with (tmp_path / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        assert rows[0][: len(header)] == header, name
        assert len(rows) > 1, name
        saved = parquet.read_table(tmp_path / f"{name}.parquet")
        assert saved.column_names == rows[0], name
        assert saved.num_rows == len(rows) - 1, name
        assert not QImage(str(tmp_path / f"{name}.png")).isNull()
    facts = parquet.read_schema(tmp_path / "spacePanel.parquet").metadata
    shares = [axis.explained for axis in window._session.shown.projected.axes]
    assert json.loads(facts[b"axes"]) == ["PC 1", "PC 2"]
    assert json.loads(facts[b"explained_variance"]) == shares
    assert facts[b"step"] == b"3"
    # Few points are circles, which stay sharp however large they are printed.
    assert "<image" not in (tmp_path / "spacePanel.svg").read_text("utf-8")
    assert window.messages.isVisible() is False


def test_the_saved_table_is_torchs_table_in_the_order_on_screen(qtbot, window, tmp_path):
    path = tmp_path / "table.csv"
    window._rows._sort_by_column(2)  # by norm
    qtbot.waitUntil(lambda: window._rows.order.ids is not None, timeout=30_000)
    window.exporter._ask = lambda *_: path
    window.exporter.save_numbers(window._rows.more.more()._offer)
    qtbot.waitUntil(path.exists, timeout=30_000)
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    ids = [int(row[0]) for row in rows]
    assert ids == window._rows.order.ids.tolist()
    values = np.array([row[3:] for row in rows], np.float64).astype(np.float32)
    assert np.array_equal(values, window._session.shown.rows[ids])
    counts = {row[1]: row[2] for row in rows}
    assert counts["to"] == "2"  # you need to know how to code
    # Nobody holds the step any more: the next ones are shown.
    window._session.step(2)
    qtbot.waitUntil(lambda: window._session.shown.step == 5, timeout=30_000)
