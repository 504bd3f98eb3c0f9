"""The whole window over a real session and engine: what it opens with, keeps and closes."""

import logging
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QSlider,
    QSplitter,
    QTabWidget,
    QWidget,
)

from core.config import OptimizerConfig
from core.problems import (
    EngineRestarted,
    NoExamples,
    TokenizerGaveUp,
    TrainedElsewhere,
    ViewUnreadable,
)
from gui.faults import Faults
from gui.session import Session, State
from gui.settings import Settings
from gui.shortcuts import ShortcutsDialog
from gui.theme import DARK, LIGHT, apply_theme, theme_of
from gui.window import Window

# What Qt says of popups and dialogs without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

NAMES = [
    "sentencesEdit",
    "lineEdit",
    "tokenStrip",
    "tableView",
    "spaceView",
    "lookupView",
    "lossView",
    "objectiveBox",
    "optimizerBox",
    "rateBox",
    "findBox",
]
ACTIONS = ["stepAction", "stepTenAction", "runAction", "resetAction", "openTextAction"]


@pytest.fixture
def settings(tmp_path):
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def make_window(qtbot, qapp, settings):
    """Makes windows, and closes those that the test has not."""
    made = []
    apply_theme(qapp, "light")

    def make(size=None):
        window = Window(qapp, Session(), settings, Faults())
        made.append(window)
        if size is not None:
            window.resize(*size)
        window.show()
        qtbot.waitUntil(lambda: window._session.shown is not None, timeout=30_000)
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()


@pytest.fixture
def window(make_window):
    return make_window()


def at_step(window, step):
    return lambda: window._session.shown.step == step


def test_it_opens_on_the_article_with_its_parts_under_their_names(window):
    for name in NAMES:
        assert window.findChild(QWidget, name) is not None, name
    for name in ACTIONS:
        assert window.findChild(QAction, name) is not None, name
    assert window.findChild(QLineEdit, "lineEdit").text() == "you need to run"
    assert [token.id for token in window._session.line_tokens] == [3, 6, 5, 0]


def test_space_and_right_work_as_soon_as_it_opens(qtbot, window):
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Right)
    qtbot.waitUntil(at_step(window, 1))
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window._session.shown.step > 3)
    assert window._session.state is State.RUNNING
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window._session.state is State.PAUSED)


def test_step_and_reset_change_what_is_shown(qtbot, window):
    window.actions_.step.trigger()
    qtbot.waitUntil(at_step(window, 1))
    window.actions_.step_ten.trigger()
    qtbot.waitUntil(at_step(window, 11))
    assert len(window._session.losses.losses) == 11
    window.actions_.reset.trigger()
    qtbot.waitUntil(at_step(window, 0))


def test_everything_that_takes_the_focus_has_a_name(window):
    nameless = [
        f"{type(widget).__name__} {widget.objectName()!r} in {widget.parent()}"
        for widget in window.findChildren(QWidget)
        if widget.window() is window  # not the lists that boxes drop down
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.objectName().startswith("qt_")
        and widget.focusProxy() is None
        and not (isinstance(widget, QLineEdit) and isinstance(widget.parent(), QComboBox))
        and not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
    ]
    assert nameless == []


@pytest.mark.parametrize("size", [(1024, 700), (1920, 1080)])
def test_it_fits_the_sizes_that_it_must(qtbot, window, size):
    window.resize(*size)
    QApplication.processEvents()
    assert (window.width(), window.height()) == size  # nothing asks for more room
    table = window.findChild(QWidget, "tableView")
    assert window.minimumSizeHint().height() <= 650  # a message finds room at 700 too
    # The article's eight rows stand there whole, without scrolling.
    assert table.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize(("size", "least"), [((1024, 700), 200), ((1280, 800), 330)])
def test_the_picture_of_the_points_gets_most_of_a_small_window(qtbot, make_window, size, least):
    window = make_window(size=size)
    qtbot.waitUntil(lambda: window.findChild(QWidget, "spaceView").height() >= least)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_part_follows_the_theme(qtbot, window, qapp, theme):
    action = window.actions_.theme_dark if theme is DARK else window.actions_.theme_light
    action.trigger()
    assert window._settings.theme == theme.name
    for name in NAMES:
        widget = window.findChild(QWidget, name)
        qtbot.waitUntil(lambda widget=widget: theme_of(widget) is theme)
    apply_theme(qapp, "light")


def test_what_space_shows_besides_its_points_is_remembered(make_window):
    first = make_window()
    assert first.findChild(QWidget, "spaceView").scene.sentence is None
    first.findChild(QAction, "spaceShowPath").trigger()
    first.findChild(QSlider, "spaceLabelsSlider").setValue(5)
    first.close()
    scene = make_window().findChild(QWidget, "spaceView").scene
    # "you need to run": run is not in the vocabulary, and passes through <unk>.
    assert (scene.sentence.ids, scene.sentence.unknown) == ((3, 6, 5, 0), 1)
    assert scene.sentence.mean is None
    assert scene.most_labels == 5


def test_geometry_splitters_tab_and_hidden_panels_are_remembered(make_window):
    first = make_window()
    first.resize(780, 700)  # Qt keeps a window within the screen, here 800 × 800
    QApplication.processEvents()
    splitter = first.findChild(QSplitter, "tableSplitter")
    splitter.setSizes([260, 240])
    first.findChild(QTabWidget, "centreTabs").setCurrentIndex(1)
    first.actions_.show_progress.setChecked(False)
    QApplication.processEvents()
    sizes = splitter.sizes()
    first.close()
    second = make_window()
    QApplication.processEvents()
    assert (second.width(), second.height()) == (780, 700)
    assert second.findChild(QSplitter, "tableSplitter").sizes() == pytest.approx(sizes, abs=2)
    assert second.findChild(QTabWidget, "centreTabs").currentIndex() == 1
    assert second.findChild(QWidget, "lossView").isVisible() is False
    assert second.actions_.show_progress.isChecked() is False


def test_a_problem_is_said_in_the_window_and_stays_until_closed(qtbot, window):
    window._session.problemRaised.emit(NoExamples("cbow"))
    assert window.messages.isVisible()
    assert "cbow" in window.messages.text
    assert QApplication.activeModalWidget() is None
    window.messages.findChild(QAbstractButton, "messageCloseButton").click()
    assert not window.messages.isVisible()


def test_a_refusal_goes_with_the_next_change_and_other_news_stay(qtbot, window):
    session = window._session
    session.set_optimizer(OptimizerConfig("sparse-adam"))
    assert "sparse-adam" in window.messages.text
    session.set_batch_size(5)
    assert not window.messages.isVisible()
    session.set_batch_size(2**40)
    qtbot.waitUntil(lambda: "memory" in window.messages.text, timeout=30_000)
    session.set_optimizer(OptimizerConfig("sgd", 0.05))
    assert not window.messages.isVisible()
    session.problemRaised.emit(EngineRestarted(5, "signal 9"))
    session.set_batch_size(6)
    assert "signal 9" in window.messages.text


def test_what_was_lost_and_where_it_was_trained_can_both_be_read(window):
    session = window._session
    session.problemRaised.emit(ViewUnreadable("/a/p.embedscope", "no turn"))
    session.problemRaised.emit(TrainedElsewhere("torch 2.4", "torch 2.13"))
    assert "torch 2.4" in window.messages.text
    window.messages.dismiss()
    assert "no turn" in window.messages.text


def test_a_text_that_no_tokenizer_reads_is_told_until_another_is_typed(window):
    window._session.problemRaised.emit(TokenizerGaveUp("retry limit"))
    assert "retry limit" in window.messages.text
    window._session.set_line("you need")
    assert not window.messages.isVisible()


def test_a_fault_is_logged_and_said_and_the_window_goes_on(window, caplog):
    faults = Faults()
    faults.raised.connect(window.problems.show_fault)
    with caplog.at_level(logging.ERROR):
        faults.report(ZeroDivisionError("division by zero"))
    assert "division by zero" in window.messages.text
    assert "ZeroDivisionError" in caplog.text
    assert window.isVisible()


def drop(window, path):
    """Drag `path` from the desktop onto the middle of `window` and let go."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    at = QPoint(window.width() // 2, window.height() // 2)
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, action, mime, button, none)
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(at), action, mime, button, none))
    return enter.isAccepted()


def test_a_dropped_text_is_opened_and_remembered(qtbot, window, tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("red fish\nblue fish\n", "utf-8")
    with qtbot.waitSignal(window._session.runStarted, timeout=30_000):
        assert drop(window, path)
    assert window._session.text_source == path
    assert "mine.txt" in window.windowTitle()
    assert window._settings.recent_files == (path,)
    # <unk>, <pad>, red, fish, blue
    qtbot.waitUntil(lambda: len(window._session.shown.rows) == 5, timeout=30_000)


def test_a_folder_is_not_taken(window, tmp_path):
    assert not drop(window, tmp_path)


def test_a_bad_file_says_so_and_leaves_what_was_open(qtbot, window, tmp_path):
    path = tmp_path / "bad.txt"
    path.write_bytes(b"good\xff")
    window.opener.open(path)
    qtbot.waitUntil(window.messages.isVisible)
    assert "bad.txt" in window.messages.text
    assert "byte 4" in window.messages.text
    assert window._session.text_source is None
    assert window._session.line == "you need to run"


def test_presentation_enlarges_and_hides_and_goes_back(window, qapp):
    points = qapp.font().pointSizeF()
    sentences = window.findChild(QWidget, "sentencesEdit")
    sizes = {each: each.font().pointSizeF() for each in window.findChildren(QWidget)}
    window.actions_.presentation.trigger()
    assert qapp.font().pointSizeF() == pytest.approx(1.25 * points)  # 1.5 on a screen over 800 high
    assert not sentences.isVisible()
    assert window.findChild(QWidget, "spaceView").isVisible()
    window.actions_.presentation.trigger()
    assert qapp.font().pointSizeF() == pytest.approx(points)
    assert sentences.isVisible()
    left_behind = [each for each, size in sizes.items() if each.font().pointSizeF() > size]
    assert left_behind == []


def test_text_grows_and_shrinks_and_the_font_is_given_back(window, qapp):
    points = qapp.font().pointSizeF()
    window.actions_.larger.trigger()
    assert qapp.font().pointSizeF() == pytest.approx(1.1 * points)
    window.actions_.smaller.trigger()
    window.actions_.smaller.trigger()
    assert qapp.font().pointSizeF() == pytest.approx(0.9 * points)
    window.close()
    assert qapp.font().pointSizeF() == pytest.approx(points)


def test_the_shortcut_list_has_every_key(qtbot, window):
    window.actions_.shortcuts.trigger()
    dialog = window.findChild(ShortcutsDialog)
    items = dialog._list.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive, 1)
    listed = {item.text(0): item.text(1) for item in items}
    assert listed["Step"] == "Right   Ctrl+Right"
    assert listed["Run"].startswith("Space")
    keyed = [action for action in window.actions_ if action.shortcuts()]
    assert {action.text() for action in keyed} <= set(listed)
    dialog.close()


def test_the_shortcut_list_shows_its_keys_whole_in_large_text(qtbot, window):
    for _ in range(4):
        window.actions_.larger.trigger()
    window.actions_.shortcuts.trigger()
    bar = window.findChild(ShortcutsDialog)._list.horizontalScrollBar()
    assert bar.maximum() == 0
    window.findChild(ShortcutsDialog).close()


def test_find_picks_a_token(qtbot, window):
    window.find_box.start()
    qtbot.keyClicks(window.find_box, "know")
    qtbot.keyClick(window.find_box, Qt.Key.Key_Return)
    assert window._session.selection == (4,)


def test_closing_ends_the_engine(window):
    process = Path(f"/proc/{window._session.engine_process_id()}")
    assert process.name != "0"
    window.close()
    assert window._session.engine_process_id() == 0
