"""The sentences that the table is trained on: edited here, counted below."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from core.corpus import TAB
from gui.canvas.excerpt import Excerpt, excerpt_of
from gui.canvas.sentences_edit import SentencesEdit
from gui.canvas.token_light import TokenLight
from gui.theme import SPACING, theme_of

if TYPE_CHECKING:
    from gui.session import Session

PAUSE = 300  # milliseconds without a key after which an edit is sent
NAMED_WORDS = 5
LONGEST_LABEL = 24  # characters that the column of labels may be wide


class FileName(QLabel):
    """The name of a file, shortened in the middle where it has no room; its tooltip is the path."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_path(self, path: Path | None) -> None:
        """Show the name of `path`, or nothing."""
        self.setText("" if path is None else path.name)
        self.setToolTip("" if path is None else str(path))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the name as it fits."""
        painter = QPainter(self)
        painter.setPen(theme_of(self).muted)
        name = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, self.width()
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, name)


class SentencesPanel(QWidget):
    """An editor of the session's text, how much there is in it, and what became of old words."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: str | None = None  # the session's text when last sent or taken
        self._unsent = self._refused = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._title = QLabel(self.tr("Sentences"), self)
        self._source = FileName(self)
        self._edit = SentencesEdit(session.undo_stack, self)
        self._light = TokenLight(self._edit)
        self._excerpt = _note(self, "sentencesExcerpt")
        self._counts = _note(self, "sentencesCounts")
        self._words = _note(self, "sentencesWords")
        self._rebuild = QPushButton(self.tr("Rebuild vocabulary"), self)
        self._name_widgets()
        self._lay_out()
        self._pause.timeout.connect(self.flush)
        self._edit.edited.connect(self._wait_for_pause)
        self._edit.edited.connect(self._light.put_out)
        self._edit.left.connect(self.flush)
        self._rebuild.clicked.connect(self._rebuild_vocabulary)
        session.sentencesChanged.connect(self._take)
        session.vocabularyChanged.connect(self._count)
        session.findings.lit.changed.connect(self._light_up)
        self._take()

    @Slot()
    def flush(self) -> None:
        """Send what was typed and not sent yet, without waiting for a pause."""
        self._pause.stop()
        if self._unsent:
            self._unsent = False
            self._known = self._edit.text()
            self._session.set_text(self._known)
            # What was refused stays, also when the session tells anew of the text that it has.
            self._refused = self._session.text != self._known
            self._known = self._session.text
            self._tell_of_words()

    @Slot()
    def _wait_for_pause(self) -> None:
        self._unsent = True
        self._pause.start()

    @Slot()
    def _rebuild_vocabulary(self) -> None:
        self.flush()
        if not self._refused:  # or the old text would take the place of this one
            self._session.rebuild_vocabulary()

    # ── what the session says ─────────────────────────────────────────────────────────────────

    @Slot()
    def _take(self) -> None:
        if self._session.text != self._known:
            self._pause.stop()
            self._unsent = self._refused = False
            self._known = self._session.text
            excerpt = excerpt_of(self._known, self._session.corpus)
            self._edit.show_text(self._known if excerpt is None else excerpt.text)
            self._edit.setReadOnly(excerpt is not None)
            self._excerpt.setText("" if excerpt is None else self._told(excerpt))
            self._excerpt.setVisible(excerpt is not None)
        self._name_source()
        self._align_labels()
        self._count()

    @Slot()
    def _light_up(self) -> None:
        """Mark the tokens that the lit finding names."""
        lit = self._session.findings.lit
        if lit.finding is None or lit.finding.of_batch:
            self._light.put_out()
        else:
            self._light.light(lit.finding.cells, lit.at, self._spans)

    def _spans(self, line: str) -> list[tuple[int, int]]:
        """Where in `line` each token of its sentence is, and last where the sentence is."""
        begin = line.find(TAB) + 1 if self._session.corpus.labels is not None else 0
        sentence = line[begin:].strip()
        begin += line[begin:].index(sentence)
        tokens = self._session.vocabulary.encode(sentence)
        spans = [(begin + token.start, begin + token.end) for token in tokens]
        return [*spans, (begin, begin + len(sentence))]

    def _told(self, excerpt: Excerpt) -> str:
        if excerpt.sentences:
            text = self.tr(
                "The first {shown} of {total} sentences are shown, and cannot be edited here; "
                "all are used for training."
            )
            return text.format(
                shown=f"{excerpt.sentences:,}", total=f"{len(self._session.corpus.sentences):,}"
            )
        text = self.tr(
            "The first {shown} of {total} characters are shown, and cannot be edited here; "
            "all are used for training."
        )
        return text.format(shown=f"{len(excerpt.text):,}", total=f"{len(self._session.text):,}")

    def _name_source(self) -> None:
        source = self._session.text_source
        self._source.show_path(source)

    def _align_labels(self) -> None:
        labels = self._session.corpus.labels
        longest = max(map(len, set(labels)), default=0) if labels else 0
        self._edit.set_tab_width(min(longest, LONGEST_LABEL) + 2)

    @Slot()
    def _count(self) -> None:
        vocabulary = self._session.vocabulary
        occurring = np.flatnonzero(vocabulary.counts)
        special = (vocabulary.unk_id, vocabulary.pad_id)
        words = len(occurring) - sum(id in occurring for id in special if id is not None)
        tokens = int(vocabulary.counts.sum())
        sentences = len(self._session.corpus.sentences)
        parts = (
            self.tr("{count} word") if words == 1 else self.tr("{count} words"),
            self.tr("{count} token") if tokens == 1 else self.tr("{count} tokens"),
            self.tr("{count} sentence") if sentences == 1 else self.tr("{count} sentences"),
        )
        counts = (words, tokens, sentences)
        texts = (part.format(count=f"{n:,}") for part, n in zip(parts, counts, strict=True))
        self._counts.setText(", ".join(texts))
        self._tell_of_words()

    def _tell_of_words(self) -> None:
        vocabulary = self._session.vocabulary
        vanished = vocabulary.vanished
        refused = self.tr("The tokenizer cannot read this text; training goes on without it.")
        parts = [refused] if self._refused else self._tell_of_labels()
        unknown = 0 if vocabulary.unk_id is None else vocabulary.count(vocabulary.unk_id)
        if unknown == 1:
            parts.append(self.tr("1 token is not in the vocabulary and counts as unknown."))
        elif unknown:
            text = self.tr("{count} tokens are not in the vocabulary and count as unknown.")
            parts.append(text.format(count=f"{unknown:,}"))
        if len(vanished):
            named = ", ".join(vocabulary.token(int(id)) for id in vanished[:NAMED_WORDS])
            more = len(vanished) - NAMED_WORDS
            if more > 0:
                named = self.tr("{words} and {count} more").format(words=named, count=f"{more:,}")
            text = self.tr(
                "No longer used: {words}. Their rows stay until you rebuild the vocabulary."
            )
            parts.append(text.format(words=named))
        self._words.setText(" ".join(parts))
        self._words.setVisible(bool(parts))
        self._rebuild.setVisible(len(vanished) > 0)

    def _tell_of_labels(self) -> list[str]:
        """The line to blame where the first has a label, and yet all count as having none."""
        corpus = self._session.corpus
        line = corpus.unlabelled_line
        if line is None or not corpus.sentences or TAB not in corpus.sentences[0]:
            return []
        text = self.tr("Line {line} has no label, so all lines count as sentences without labels.")
        return [text.format(line=f"{line:,}")]

    # ── how it looks ──────────────────────────────────────────────────────────────────────────

    def _name_widgets(self) -> None:
        bold = self._title.font()
        bold.setBold(True)
        self._title.setFont(bold)
        self._title.setBuddy(self._edit)
        self._source.setObjectName("sentencesSource")
        self._edit.setObjectName("sentencesEdit")
        self._edit.setAccessibleName(self.tr("Sentences"))
        self._edit.setAccessibleDescription(
            self.tr("One sentence a line. Esc or Shift+Tab leaves the field.")
        )
        self._edit.setPlaceholderText(
            self.tr("Type or paste sentences, one a line, or drop a text file on the window.")
        )
        self._rebuild.setObjectName("rebuildButton")
        self._rebuild.setAccessibleName(self.tr("Rebuild vocabulary"))
        self._rebuild.setToolTip(
            self.tr(
                "Number the words of these sentences anew. They keep their rows; "
                "words that are gone lose theirs."
            )
        )

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(SPACING)
        head.addWidget(self._title)
        head.addWidget(self._source, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        layout.setSpacing(SPACING)
        layout.addLayout(head)
        layout.addWidget(self._edit, 1)
        for note in (self._excerpt, self._counts, self._words, self._rebuild):
            layout.addWidget(note)


def _note(parent: QWidget, name: str) -> QLabel:
    """A line of text under the editor that wraps and can be read by a screen reader."""
    label = QLabel(parent)
    label.setObjectName(name)
    label.setWordWrap(True)
    # No text, as it changes, may move the panel's sides.
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    return label
