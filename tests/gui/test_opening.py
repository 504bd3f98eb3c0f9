"""Opening a text file: whole or not at all, off the UI thread, from wherever it comes."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QUrl

from core.problems import EmptyFile, NotUtf8, ProblemError
from core.progress import Cancelled
from gui.background import Background
from gui.opening import Opener, dropped_file, load_text
from gui.status import StatusBar
from tests.gui.window_session import WindowSession


@pytest.fixture
def session(qapp):
    return WindowSession()


@pytest.fixture
def background(qapp):
    background = Background()
    yield background
    background.close()


@pytest.fixture
def opener(session, background):
    return Opener(session, background)


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("a b a\nb c\n", "utf-8")
    return path


def test_a_file_is_read_numbered_and_encoded(text):
    told = []
    loaded = load_text(text, lambda done, total: told.append((done, total)) is None)
    assert loaded.corpus.sentences == ("a b a", "b c")
    assert list(loaded.vocabulary.tokens) == ["<unk>", "<pad>", "a", "b", "c"]
    assert loaded.encoded.ids.numpy().tolist() == [2, 3, 2, 3, 4]
    assert loaded.encoded.offsets.numpy().tolist() == [0, 3, 5]
    assert loaded.encoded.ids.numpy().dtype == np.int32
    shares = [done / total for done, total in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1


@pytest.mark.parametrize("news", [1, 2, 3])
def test_loading_stops_at_whichever_progress_says_so(text, news):
    told = []

    def stop_at(done, total):
        told.append(done)
        return len(told) < news

    with pytest.raises(Cancelled):
        load_text(text, stop_at)
    assert len(told) == news


def test_what_was_loaded_is_shown_on_the_ui_thread(qtbot, session, opener, text):
    with qtbot.waitSignal(opener.opened) as opened:
        opener.open(text)
        assert session.calls == []  # nothing has happened yet
    assert opened.args == [text]
    ((name, document),) = session.calls
    assert name == "show_document"
    assert document.source == text


@pytest.mark.parametrize(("content", "problem"), [(b"ab\xffcd", NotUtf8), (b" \n\t\n", EmptyFile)])
def test_a_bad_file_is_a_problem_and_changes_nothing(
    qtbot, session, opener, tmp_path, content, problem
):
    path = tmp_path / "bad.txt"
    path.write_bytes(content)
    with qtbot.waitSignal(opener.problemRaised) as raised:
        opener.open(path)
    assert isinstance(raised.args[0], problem)
    assert session.calls == []


def test_of_two_files_opened_at_once_the_later_one_is_shown(
    qtbot, session, opener, background, text, tmp_path
):
    later = tmp_path / "later.txt"
    later.write_text("x y\n", "utf-8")
    opener.open(text)
    opener.open(later)
    qtbot.waitUntil(lambda: background.current is None)
    assert [document.source for _, document in session.calls] == [later]


def test_a_fault_of_ours_is_not_taken_for_a_bad_file(qtbot, opener, monkeypatch, text):
    def broken(path, progress):
        raise RuntimeError("ours")

    monkeypatch.setattr("gui.opening.load_text", broken)
    with qtbot.waitSignal(opener.errorRaised) as raised:
        opener.open(text)
    assert not isinstance(raised.args[0], ProblemError)


def mime_of(*paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def test_just_one_file_can_be_dropped(text, tmp_path):
    assert dropped_file(mime_of(text)) == text
    assert dropped_file(mime_of(text, text)) is None
    assert dropped_file(mime_of(tmp_path)) is None
    assert dropped_file(mime_of()) is None
    web = QMimeData()
    web.setUrls([QUrl("https://example.org/text.txt")])
    assert dropped_file(web) is None


def test_the_status_bar_shows_work_and_stops_it(qtbot, session, background):
    bar = StatusBar(session, background)
    qtbot.addWidget(bar)
    bar.show()
    assert not bar._bar.isVisible()

    def work(progress):
        while progress(3, 10):
            pass

    background.run("Reading text.txt", work)
    qtbot.waitUntil(lambda: bar._bar.value() == 3)
    assert bar._what.text() == "Reading text.txt"
    assert bar._bar.maximum() == 10
    bar._stop.click()
    qtbot.waitUntil(lambda: background.current is None)
    assert not bar._bar.isVisible()
    assert not bar._stop.isVisible()


def test_the_engines_work_shows_without_stop(qtbot, session, background):
    bar = StatusBar(session, background)
    qtbot.addWidget(bar)
    bar.show()
    session.progressChanged.emit("Repeating steps", 40, 100)
    assert (bar._bar.value(), bar._bar.maximum()) == (40, 100)
    assert not bar._stop.isVisible()
    session.progressChanged.emit("", 0, 0)
    assert not bar._bar.isVisible()
