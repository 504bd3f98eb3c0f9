"""Space: every row of the table as a point, at exactly the step that the other panels show."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.projection import AxesPolicy
from gui.canvas.space_caption import Counts, SpaceCaption
from gui.canvas.space_scene import EMPTY, Scene
from gui.canvas.space_view import SpaceView
from gui.canvas.switch_button import SwitchButton
from gui.canvas.variance_bars import VarianceBars
from gui.elided_label import ElidedLabel
from gui.flow_layout import FlowLayout
from gui.map_caption import MapCaption
from gui.more_button import MoreButton
from gui.panels.axes_bar import AxesButton, AxesLines
from gui.panels.colour_menu import ColourButton
from gui.panels.map_bar import MapBar, MethodButton
from gui.panels.region_buttons import RegionButtons
from gui.panels.space_layers import LayersButton
from gui.panels.space_scenes import SceneMaker
from gui.session import Session, Shown, State
from gui.theme import SPACING, theme_of
from gui.throttle import Throttle

METHOD_WIDTH = 90  # pixels at least, for how the points were made
DESCRIBE_MILLISECONDS = 100  # nobody reads faster, and new words have the window laid out anew


class SpacePanel(QWidget):
    """The point cloud with its caption, and the choice of axes and dimensions."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("spacePanel")
        self._session = session
        self._caption = SpaceCaption(self)
        self._map_caption = MapCaption(self)
        self._scenes = SceneMaker(session)
        self._make_view()
        self._make_buttons()
        self._make_axes()
        self._lay_out()
        self._only: NDArray[np.int64] | None = None
        self._connect()
        self._show_frame()

    # ── making it ─────────────────────────────────────────────────────────────────────────────

    def _make_view(self) -> None:
        self.view = SpaceView(self)
        self.view.setObjectName("spaceView")
        self.view.setAccessibleName(self.tr("Space: the rows of the table as points"))
        self._method = ElidedLabel(parent=self)
        self._method.setObjectName("spaceMethod")
        self._words = QLabel(self)
        self._words.setObjectName("spaceCaption")
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._words.setToolTip(self.tr("Shares are rounded to whole per cent."))
        # Two lines always, so that the picture does not change its size as the words change.
        self._words.setMinimumHeight(2 * self._words.fontMetrics().lineSpacing())

    def _make_buttons(self) -> None:
        two = self._button(
            "spaceTwoButton", self.tr("2-D"), self.tr("Show the points in two dimensions")
        )
        three = self._button(
            "spaceThreeButton", self.tr("3-D"), self.tr("Show the points in three dimensions")
        )
        self._dimensions = QButtonGroup(self)
        for button, dimensions in ((two, 2), (three, 3)):
            button.setCheckable(True)
            self._dimensions.addButton(button, dimensions)
        self._hold = self._button(
            "spaceHoldButton",
            self.tr("Hold axes"),
            self.tr("Keep the axes as they are now; otherwise they follow the points (H)"),
        )
        self._hold.setCheckable(True)
        self.more = MoreButton("spaceMore", self.tr("Space"), self)
        self._fit = self._button(
            "spaceFitButton", self.tr("Fit"), self.tr("Show all points (F, or a double click)")
        )

    def _make_axes(self) -> None:
        self._maps = MethodButton(self._session.maps, self)
        self._map_bar = MapBar(self._session.maps, self)
        self._axes = AxesButton(self._session, self)
        self._lines = AxesLines(self._session, self)
        self._bars = VarianceBars(self)
        self._bars.setObjectName("spaceBars")
        self._colour = ColourButton(self._session, self)
        self._layers = LayersButton(self._session.layers, self)
        self.regions = RegionButtons(self._session, self.view, self)

    def _button(self, name: str, text: str, tip: str) -> SwitchButton:
        button = SwitchButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setAccessibleDescription(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _lay_out(self) -> None:
        self._bar = bar = FlowLayout(least=METHOD_WIDTH)
        bar.setContentsMargins(0, 0, SPACING, 0)
        bar.setSpacing(SPACING // 2)
        bar.addWidget(self._method)
        for button in self._dimensions.buttons():
            bar.addWidget(button)
        bar.addWidget(self._axes)
        bar.addWidget(self._colour)
        bar.addWidget(self._layers)
        bar.addWidget(self.regions)
        bar.addWidget(self._hold)
        bar.addWidget(self._fit)
        bar.addWidget(self.more)
        words = QHBoxLayout()
        words.setContentsMargins(SPACING, 0, SPACING, 0)
        words.setSpacing(SPACING)
        words.addWidget(self._words, 1)
        words.addWidget(self._bars, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACING // 2, 0, 0)
        column.setSpacing(SPACING // 2)
        top = QHBoxLayout()
        top.setContentsMargins(SPACING, 0, 0, 0)
        top.setSpacing(SPACING // 2)
        top.addWidget(self._maps, 0, Qt.AlignmentFlag.AlignTop)  # where it is, whatever follows
        top.addLayout(bar, 1)
        column.addLayout(top)
        column.addWidget(self._map_bar)
        column.addWidget(self._lines)
        column.addWidget(self.view, 1)
        column.addLayout(words)

    def make_corner(self) -> QWidget:
        """The last buttons of the bar on a widget of their own, to stand beside a tab.

        They need a line less there, and the picture is that much higher.
        """
        corner = QWidget()
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, SPACING, SPACING // 2)
        row.setSpacing(SPACING // 2)
        for widget in (self._hold, self._fit, self.more):
            self._bar.removeWidget(widget)
            row.addWidget(widget)
        return corner

    def _connect(self) -> None:
        session, view = self._session, self.view
        session.frameShown.connect(self._show_frame)
        session.runStarted.connect(self._start_run)
        session.viewTurned.connect(self._turn)
        session.axesChanged.connect(self._show_axes)
        self._throttle = Throttle(DESCRIBE_MILLISECONDS, self)
        self._throttle.due.connect(self._describe)
        session.stateChanged.connect(self._throttle.now)
        for changed in (session.lineChanged, session.vocabularyChanged, session.selectionChanged):
            changed.connect(self._show_marks)
        session.hoverChanged.connect(self._show_marks)
        session.matchesChanged.connect(self._show_marks)
        session.nearest.changed.connect(self._show_marks)
        session.layers.changed.connect(self._show_marks)
        session.movement.answered.connect(self._show_marks)
        session.maps.pointsChanged.connect(self._show_marks)
        session.maps.changed.connect(self._show_axes)
        session.colouring.changed.connect(self._show_marks)
        session.time.changed.connect(self._show_marks)
        view.hovered.connect(self._hover)
        view.picked.connect(self._pick)
        view.insideChanged.connect(self._describe_in_time)
        self._fit.clicked.connect(view.fit)
        self._hold.toggled.connect(self._set_held)
        self._dimensions.idClicked.connect(self._set_dimensions)
        view.holdAsked.connect(self._hold.click)
        self._axes.componentsAsked.connect(self._lines.close_lines)
        self._axes.tokensAsked.connect(self._lines.open)
        self._bars.chosen.connect(session.chosen_axes.show_component)
        self._bars.placed.connect(session.chosen_axes.put_component)

    # ── following the session ─────────────────────────────────────────────────────────────────

    @Slot()
    def _start_run(self) -> None:
        self._scenes.restart()
        self.view.restart()
        self._show_frame()

    @Slot()
    def _show_frame(self) -> None:
        shown = self._session.shown
        if shown is not None:
            self._scenes.follow(shown)
        self._turn()

    @Slot()
    def _turn(self) -> None:
        """The same step under other axes."""
        shown = self._session.shown
        if shown is not None:
            self._scenes.turn(shown)
        self._show_marks()
        self._show_axes()
        only = None if shown is None else shown.projected.only
        if only is not self._only:  # others are shown: whoever looked at a part of them is lost
            self._only = only
            self.view.fit()

    @Slot()
    def _show_marks(self) -> None:
        shown = self._session.shown
        self.view.show_scene(EMPTY if shown is None else self._scene(shown))  # then the words

    @Slot()
    def _show_axes(self) -> None:
        shown = self._session.shown
        plain = shown is not None and shown.projected.policy == "plain"
        held = self._session.axes == "held"
        in_map = self._session.maps.current is not None
        self._hold.setEnabled(not plain and not in_map)
        for linear in (self._hold, self._axes, self._bars):
            linear.setVisible(not in_map)
        if in_map or self._session.chosen_axes.words:
            self._lines.setVisible(not in_map)
        if held != self._hold.isChecked():
            self._hold.setChecked(held)
        button = self._dimensions.button(self._session.dimensions)
        if button is not None:
            button.setChecked(True)

    @Slot()
    def _describe_in_time(self) -> None:
        if self._session.state is State.RUNNING:
            self._throttle.ask()
        else:
            self._throttle.now()

    @Slot()
    def _describe(self) -> None:
        shown = self._session.shown
        if shown is None:
            method, words = "", self.tr("The points appear when the table is ready.")
        elif self._session.maps.current is not None:
            method, words = "", self._described_map(shown)  # the bar of maps says the rest
        else:
            projected = shown.projected
            self._bars.show_spectrum(projected.spectrum, projected.numbers, projected.measured)
            left_out = tuple(projected.left_out.tolist())
            rows = len(projected.points)
            asked = None if projected.only is None else len(projected.only)
            drawn = (rows if asked is None else asked) - len(left_out)
            fitted = bool(projected.numbers)
            counts = Counts(rows, drawn, self.view.inside(), asked, fitted)
            self._name_directions()
            method = self._caption.method(projected)
            manner = self._caption.manner(projected)
            count = self._caption.counts(counts, left_out, self._scenes.name_of)
            words = f"{self._caption.axes(projected)}\n{manner} {count}".replace("\n ", "\n")
        if (method, words) != (self._method.text(), self._words.text()):
            self._method.set_text(method)
            self._words.setText(words)
        marks = "; ".join(entry.text for entry in self.view.legend())
        description = " ".join(filter(None, [method, words, marks]))
        if description != self.view.accessibleDescription():
            self.view.setAccessibleDescription(description)

    def _described_map(self, shown: Shown) -> str:
        maps, points = self._session.maps, self.view.scene.points
        assert maps.current is not None
        projected = shown.projected
        left_out = tuple(projected.left_out.tolist())
        asked = None if projected.only is None else len(projected.only)
        drawn = int(np.isfinite(points[:, 0]).sum())
        counts = Counts(len(points), drawn, self.view.inside(), asked, fitted=False)
        count = self._caption.counts(counts, left_out, self._scenes.name_of)
        missing = maps.available() - drawn
        return self._map_caption.words(maps, maps.current, shown.step, count, missing)

    def _scene(self, shown: Shown) -> Scene:
        self._name_directions()
        tints = self._session.colouring.tints(theme_of(self))
        return self._scenes.scene(shown, self._caption.axis_names(shown.projected), tints)

    def _name_directions(self) -> None:
        self._caption.directions = tuple(map(str, self._session.chosen_axes.words))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self._session.colouring.choice:
            self._show_marks()  # the palette of the points is another one
        super().changeEvent(event)

    # ── hands ─────────────────────────────────────────────────────────────────────────────────

    @Slot(object)
    def _hover(self, id_: int | None) -> None:
        if id_ != self._session.hovered:
            self._session.hover(id_)

    @Slot(object, bool)
    def _pick(self, id_: int | None, adds: bool) -> None:
        before = self._session.selection
        if id_ is None:
            if not adds:
                self._session.select(())
        elif not adds:
            self._session.select((id_,))
        elif id_ in before:
            self._session.select(tuple(i for i in before if i != id_))
        else:
            self._session.select((*before, id_))

    @Slot(bool)
    def _set_held(self, held: bool) -> None:
        policy: AxesPolicy = "held" if held else "follow"
        if policy != self._session.axes:
            self._session.set_axes(policy)

    @Slot(int)
    def _set_dimensions(self, dimensions: int) -> None:
        self._session.set_dimensions(dimensions)
