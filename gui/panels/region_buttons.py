"""The buttons by which a rectangle or a lasso picks points of Space, and all are shown again."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.canvas.region_tool import Mode
from gui.canvas.space_view import SpaceView
from gui.canvas.switch_button import SwitchButton
from gui.selection import How, picked_after
from gui.session import Session
from gui.theme import SPACING

_SIDE = 12.0


class RegionButtons(QWidget):
    """Turns the modes of the view's tool on and off, and picks what the tool has chosen."""

    told = Signal(str)

    def __init__(self, session: Session, view: SpaceView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._view = session, view
        self._rectangle = _Shape("rectangle", self)
        self._rectangle.setObjectName("spaceRectangleButton")
        self._rectangle.setAccessibleName(self.tr("Pick by rectangle"))
        self._rectangle.setToolTip(self.tr("Pick the tokens in a rectangle (R, or Ctrl and drag)"))
        self._lasso = _Shape("lasso", self)
        self._lasso.setObjectName("spaceLassoButton")
        self._lasso.setAccessibleName(self.tr("Pick by lasso"))
        self._lasso.setToolTip(self.tr("Pick the tokens that you draw a line around (L)"))
        self._all = SwitchButton(self)
        self._all.setObjectName("spaceShowAllButton")
        self._all.setText(self.tr("Show all"))
        self._all.setAccessibleName(self.tr("Show all tokens"))
        self._all.setToolTip(self.tr("Only some tokens are shown: show all of them again"))
        self._all.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._all.clicked.connect(session.shown_only.show_all)
        self._all.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING // 2)
        for button in (self._rectangle, self._lasso, self._all):
            button.setAccessibleDescription(button.toolTip())
            row.addWidget(button)
        self._rectangle.clicked.connect(self._choose_rectangle)
        self._lasso.clicked.connect(self._choose_lasso)
        view.tool.modeChanged.connect(self._follow)
        view.tool.chosen.connect(self._pick)
        session.shown_only.changed.connect(self._follow_shown)

    @Slot(bool)
    def _choose_rectangle(self, on: bool) -> None:
        self._choose("rectangle" if on else "")

    @Slot(bool)
    def _choose_lasso(self, on: bool) -> None:
        self._choose("lasso" if on else "")

    def _choose(self, mode: Mode) -> None:
        self._view.tool.set_mode(mode)
        self._view.setFocus()  # so that the keys draw

    @Slot()
    def _follow(self) -> None:
        mode = self._view.tool.mode
        self._rectangle.setChecked(mode == "rectangle")
        self._lasso.setChecked(mode == "lasso")
        self.told.emit(self._view.drawing.hint())

    @Slot()
    def _follow_shown(self) -> None:
        self._all.setVisible(self._session.shown_only.tokens is not None)

    @Slot(object, str)
    def _pick(self, ids: NDArray[np.intp], how: How) -> None:
        session = self._session
        before = session.selection
        session.select(picked_after(before, ids, how))
        self.told.emit(self._sentence(len(ids), how, len(session.selection)))

    def _sentence(self, found: int, how: How, picked: int) -> str:
        if not found:
            if how == "replace":
                return self.tr("There is no token in there: nothing is picked.")
            return self.tr("There is no token in there: what is picked stays as it is.")
        if not picked:
            return self.tr("Nothing is picked any more.")
        if picked == 1:
            return self.tr("1 token is picked.")
        return self.tr("{n:,} tokens are picked.").format(n=picked)


class _Shape(SwitchButton):
    """Shows what it draws."""

    def __init__(self, mode: Mode, parent: QWidget) -> None:
        super().__init__(parent)
        self._mode = mode
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        side = self.fontMetrics().height() + SPACING
        return QSize(side + SPACING // 2, side)

    def paint_face(self, painter: QPainter) -> None:
        """Paint the outline, dashed or drawn by hand."""
        box = QRectF(0, 0, _SIDE, _SIDE * 0.8)
        box.moveCenter(QRectF(self.rect()).center())
        pen = QPen(painter.pen().color(), 1.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._mode == "rectangle":
            pen.setDashPattern([2, 1.5])
            painter.setPen(pen)
            painter.drawRect(box)
            return
        painter.setPen(pen)
        path = QPainterPath(box.bottomLeft() + QPointF(1, 3))
        path.quadTo(box.bottomLeft() + QPointF(3, 1), box.bottomLeft() + QPointF(4, -2))
        loop = QRectF(box.adjusted(0, -1.5, 0, -2))
        painter.drawEllipse(loop)
        painter.drawPath(path)
