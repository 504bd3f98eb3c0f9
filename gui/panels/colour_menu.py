"""“Colour ▾” in the bar of Space: what the points are coloured by."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from core.clusters import FEWEST, MOST
from gui.canvas.switch_button import SwitchButton
from gui.colour_work import Choice
from gui.session import Session


class ColourButton(SwitchButton):
    """Opens the choice."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._colouring = session, session.colouring
        self.setObjectName("spaceColourButton")
        self.setText(self.tr("Colour ▾"))
        self.setToolTip(self.tr("What the colours of the points tell"))
        self.setAccessibleName(self.tr("Colour"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setObjectName("spaceColourMenu")
        menu.setToolTipsVisible(True)
        self._add_choices(menu)
        self._add_settings(menu)
        menu.aboutToShow.connect(self.refresh)
        self.setMenu(menu)
        self._colouring.changed.connect(self.refresh)
        self.refresh()

    def _add_choices(self, menu: QMenu) -> None:
        self._group = QActionGroup(menu)
        self._choices: dict[QAction, Choice | None] = {}
        self._add(menu, None, self.tr("One colour"))
        menu.addSeparator()
        self._add(menu, "id", self.tr("Id"))
        self._add(menu, "frequency", self.tr("Frequency"))
        self._add(menu, "norm", self.tr("Norm"))
        self._add(menu, "moved", self.tr("Moved in the last step"))
        self.since_mark = self._add(menu, "since-mark", "")
        self._add(menu, "gradient", self.tr("Gradient norm in the last step"))
        menu.addSeparator()
        clusters = self._add(menu, "clusters", self.tr("Clusters (k-means)"))
        clusters.setToolTip(self.tr("Groups of rows that lie close together, found by k-means"))
        self.labels = self._add(menu, "labels", self.tr("Label"))
        self.lists = self._add(menu, "lists", self.tr("Lists"))
        picked = self._add(menu, "picked", self.tr("Picked"))
        picked.setToolTip(self.tr("Picked tokens and all others"))
        self._group.triggered.connect(self._choose)

    def _add(self, menu: QMenu, choice: Choice | None, text: str) -> QAction:
        action = menu.addAction(text)
        action.setObjectName(f"spaceColour-{choice or 'one'}")
        action.setCheckable(True)
        self._group.addAction(action)
        self._choices[action] = choice
        return action

    def _add_settings(self, menu: QMenu) -> None:
        menu.addSeparator()
        counts = menu.addMenu(self.tr("Number of clusters"))
        counts.setObjectName("spaceClusterCounts")
        self._counts = QActionGroup(counts)
        for count in range(FEWEST, MOST + 1):
            action = counts.addAction(str(count))
            action.setObjectName(f"spaceClusters{count}")
            action.setCheckable(True)
            action.setData(count)
            self._counts.addAction(action)
        self._counts.triggered.connect(self._count)
        self.mark = menu.addAction(self.tr("Mark this step"))
        self.mark.setObjectName("spaceColourMark")
        self.mark.setToolTip(self.tr("Measure from this step how far each row has moved"))
        self.mark.triggered.connect(self._mark)

    @Slot()
    def refresh(self) -> None:
        """Say what is chosen and what can be."""
        self._refresh_mark()
        self._refresh_offers()
        for action, choice in self._choices.items():
            if choice == self._colouring.choice:
                action.setChecked(True)
                text = self.tr("The colours of the points tell: {what}")
                self.setAccessibleDescription(text.format(what=action.text()))
        for action in self._counts.actions():
            if action.data() == self._colouring.cluster_count:
                action.setChecked(True)

    def _refresh_mark(self) -> None:
        marked = self._session.nearest.marked_step
        if marked is None:
            self.since_mark.setText(self.tr("Moved since a marked step"))
            self.since_mark.setToolTip(self.tr("No step is marked yet: this marks the one shown"))
        else:
            text = self.tr("Moved since step {step:,}, which is marked").format(step=marked)
            self.since_mark.setText(text)
            self.since_mark.setToolTip("")

    def _refresh_offers(self) -> None:
        """Some choices need something to be there."""
        kept = bool(self._session.lists.lists)
        self.lists.setEnabled(kept)
        self.lists.setToolTip(
            self.tr("The colours of the lists that you keep")
            if kept
            else self.tr("No list is kept yet: the Lists tab keeps what is picked as one")
        )
        labelled = self._session.encoded.labels is not None
        self.labels.setEnabled(labelled)
        self.labels.setToolTip(
            self.tr("The label that most sentences of a token have")
            if labelled
            else self.tr("These sentences have no labels: write label, tab, sentence on each line")
        )

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self._colouring.choose(self._choices[action])

    @Slot(QAction)
    def _count(self, action: QAction) -> None:
        self._colouring.set_cluster_count(action.data())
        self._colouring.choose("clusters")

    @Slot()
    def _mark(self) -> None:
        self._session.nearest.mark()
        self._colouring.choose("since-mark")
