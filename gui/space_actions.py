"""The commands about how Space shows the points: its dimensions, its axes, from where."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QActionGroup

from gui.session import Session


class SpaceActions(QObject):
    """As attributes; `make` makes an action of a name, a text, a tip and shortcuts."""

    def __init__(
        self, session: Session, make: Callable[..., QAction], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.two_dimensions = make(
            "twoDimensions", self.tr("2-D"), self.tr("Show the points in two dimensions")
        )
        self.three_dimensions = make(
            "threeDimensions", self.tr("3-D"), self.tr("Show the points in three dimensions")
        )
        both = QActionGroup(self)
        for action in (self.two_dimensions, self.three_dimensions):
            action.setCheckable(True)
            both.addAction(action)
        both.triggered.connect(self._set_dimensions)
        self.hold_axes = make("holdAxes", self.tr("Hold axes"), "")
        self.hold_axes.setCheckable(True)
        self.hold_axes.triggered.connect(self._hold_axes)
        self.look_along = tuple(
            make(
                f"lookAlong{number}",
                self.tr("Look along axis {n}").format(n=number),
                self.tr(
                    "Turn three dimensions until axis {n} points at you; key {n} in the view"
                ).format(n=number),
            )
            for number in (1, 2, 3)
        )
        session.axesChanged.connect(self._show_axes)
        session.viewTurned.connect(self._show_axes)
        session.runStarted.connect(self._show_axes)
        session.maps.changed.connect(self._show_axes)
        session.maps.pointsChanged.connect(self._show_axes)
        self._show_axes()

    @Slot()
    def _show_axes(self) -> None:
        session = self._session
        self.hold_axes.setChecked(session.axes == "held")
        self.two_dimensions.setChecked(session.dimensions == 2)
        self.three_dimensions.setChecked(session.dimensions == 3)
        for action in self.look_along:
            action.setEnabled(session.dimensions == 3)
        senseless = self._why_not_held()
        tip = senseless or self.tr(
            "Keep the axes as they are now; otherwise they follow the points"
        )
        self.hold_axes.setEnabled(not senseless)
        self.hold_axes.setStatusTip(tip)
        self.hold_axes.setToolTip(tip)

    def _why_not_held(self) -> str:
        """Why there are no axes that could be held; empty if there are."""
        shown = self._session.shown
        if self._session.maps.current is not None:
            return self.tr("A map by t-SNE or UMAP has no axes: there is nothing to hold")
        if shown is not None and shown.projected.policy == "plain":
            return self.tr("The axes are the columns themselves, which never turn")
        return ""

    @Slot()
    def _set_dimensions(self) -> None:
        self._session.set_dimensions(3 if self.three_dimensions.isChecked() else 2)

    @Slot()
    def _hold_axes(self) -> None:
        self._session.set_axes("held" if self.hold_axes.isChecked() else "follow")
