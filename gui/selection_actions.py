"""The commands about what is picked, and about which tokens Space shows."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction

from gui.selection import TokensOf, others
from gui.session import Session

_Key = Qt.Key
_BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class SelectionActions(QObject):
    """As attributes; `make` makes an action of a name, a text, a tip and shortcuts."""

    def __init__(
        self, session: Session, make: Callable[..., QAction], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.all = make(
            "pickAll", self.tr("Pick all"), self.tr("Pick every token"), _BOTH | _Key.Key_A
        )
        self.all.triggered.connect(self._pick_all)
        self.others = make(
            "pickOthers",
            self.tr("Pick the others"),
            self.tr("Pick what is not picked, and only that"),
            _BOTH | _Key.Key_I,
        )
        self.others.triggered.connect(self._pick_others)
        self.none = make(
            "pickNone",
            self.tr("Pick none"),
            self.tr("Let go of what is picked"),
            _BOTH | _Key.Key_N,
        )
        self.none.triggered.connect(self._pick_none)
        self.keep = make(
            "keepList",
            self.tr("Keep what is picked as a list"),
            self.tr("Give what is picked a name, and find it again among the lists"),
            _BOTH | _Key.Key_K,
        )
        self.only = make(
            "showOnly",
            self.tr("Show only what is picked"),
            self.tr("Show what is picked alone in Space, with the PCA of just these"),
            _BOTH | _Key.Key_O,
        )
        self.only.triggered.connect(self._show_only)
        self.everything = make(
            "showEverything",
            self.tr("Show all tokens"),
            self.tr("Show all tokens in Space again"),
            _BOTH | _Key.Key_E,
        )
        self.everything.triggered.connect(session.shown_only.show_all)
        session.selectionChanged.connect(self._follow)
        session.shown_only.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        picked = bool(self._session.selection)
        self.none.setEnabled(picked)
        self.keep.setEnabled(picked)
        self.only.setEnabled(picked)
        self.everything.setEnabled(self._session.shown_only.tokens is not None)

    @Slot()
    def _pick_all(self) -> None:
        self._session.select(range(len(self._session.vocabulary)))

    @Slot()
    def _pick_others(self) -> None:
        session = self._session
        session.select(others(session.selection, len(session.vocabulary)).tolist())

    @Slot()
    def _pick_none(self) -> None:
        self._session.select(())

    @Slot()
    def _show_only(self) -> None:
        session = self._session
        session.shown_only.show(TokensOf(session.selection, session.vocabulary.tokens))
