"""The choice between the PCA and maps, and a line to make one: start, stop, follow, settings."""

import sys

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget, QWidgetAction

from core.maps.settings import INSTALL_UMAP, is_installed
from gui.canvas.switch_button import SwitchButton
from gui.elided_label import ElidedLabel
from gui.map_caption import MapCaption
from gui.maps import Choice, Maps
from gui.panels.map_settings import MapSettingsForm
from gui.theme import SPACING


class MethodButton(SwitchButton):
    """“PCA ▾”: how the rows become points."""

    def __init__(self, maps: Maps, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._maps = maps
        self.setObjectName("spaceMethodButton")
        tip = self.tr("How rows become points: PCA, or a map that keeps near rows together")
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setObjectName("spaceMethodMenu")
        menu.setToolTipsVisible(True)
        self._group = QActionGroup(menu)
        self.actions_by_choice: dict[Choice, QAction] = {
            "pca": self._choice(
                menu, "pca", self.tr("PCA: straight axes along which rows differ most")
            ),
            "tsne": self._choice(menu, "tsne", self.tr("t-SNE: keeps near rows together")),
            "umap": self._choice(menu, "umap", self._umap_text()),
        }
        self.setMenu(menu)
        maps.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say what is chosen."""
        method = self._maps.method
        self.actions_by_choice[method].setChecked(True)
        name = {"pca": self.tr("PCA"), "tsne": self.tr("t-SNE"), "umap": self.tr("UMAP")}[method]
        text = self.tr("{method} ▾").format(method=name)
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(self.tr("Method: {method}").format(method=name))

    def _umap_text(self) -> str:
        if is_installed("umap"):
            return self.tr("UMAP: keeps near rows together, and is faster")
        return self.tr("UMAP: not installed; {command}").format(command=INSTALL_UMAP)

    def _choice(self, menu: QMenu, choice: Choice, text: str) -> QAction:
        action = menu.addAction(text)
        action.setObjectName(f"spaceMethod-{choice}")
        action.setCheckable(True)
        action.setData(choice)
        if choice != "pca" and not is_installed(choice):
            action.setEnabled(False)
            action.setToolTip(f"{sys.executable} -m {INSTALL_UMAP}")
        action.triggered.connect(self._choose)
        self._group.addAction(action)
        return action

    @Slot()
    def _choose(self) -> None:
        action = self._group.checkedAction()
        if action is not None:
            self._maps.choose(action.data())


class MapBar(QWidget):
    """Shown while a map is chosen: starts one, stops it, lets it go on or follow the training."""

    def __init__(self, maps: Maps, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._maps = maps
        self._caption = MapCaption(self)
        self.setObjectName("spaceMapBar")
        self.start = self._button("spaceMapStart")
        self.go_on = self._button("spaceMapContinue")
        self.follow = self._button("spaceMapFollow")
        self.follow.setCheckable(True)
        self.settings = self._button("spaceMapSettings")
        self.settings.setText(self.tr("Settings ▾"))
        self._tell(self.settings, self.tr("What the next map is made with"))
        self.settings.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.settings.setMenu(self._menu())
        self._words = ElidedLabel(parent=self)
        self._words.setObjectName("spaceMapProgress")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING, 0, SPACING, 0)
        row.setSpacing(SPACING // 2)
        for button in (self.start, self.go_on, self.follow, self.settings):
            row.addWidget(button)
        row.addSpacing(SPACING // 2)
        row.addWidget(self._words, 1)
        self.start.clicked.connect(self._start_or_stop)
        self.go_on.clicked.connect(maps.go_on)
        self.follow.toggled.connect(maps.set_follows)
        maps.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Offer what can be done now, and say how far it is."""
        maps = self._maps
        self.setVisible(maps.method != "pca")
        making, current = maps.making, maps.current
        busy = making is not None or maps.follows
        if busy:
            text, tip = self.tr("Stop"), self.tr("Stop here, and keep the map as it is")
        elif current is not None:
            text, tip = self.tr("Start again"), self.tr("Make the map anew, from the PCA")
        else:
            text, tip = self.tr("Start"), self.tr("Make the map, from the PCA")
        self._offer(self.start, text, tip)
        self._offer(
            self.go_on,
            self.tr("Continue"),
            self.tr("Go on from here, with the rows of the step on screen"),
        )
        self._offer(
            self.follow,
            self.tr("Follow training"),
            self.tr("Let the map go on with every step that is trained"),
        )
        self.go_on.setVisible(current is not None)
        self.go_on.setEnabled(maps.can_make and not busy)
        self.follow.setChecked(maps.follows)
        self._words.set_text(self._caption.progress(maps))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("spaceMapSettingsMenu")
        self.form = MapSettingsForm(self._maps, menu)
        action = QWidgetAction(menu)
        action.setObjectName("spaceMapSettingsForm")
        action.setText(self.tr("Settings"))
        action.setDefaultWidget(self.form)
        menu.addAction(action)
        return menu

    def _button(self, name: str) -> SwitchButton:
        button = SwitchButton(self)
        button.setObjectName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _offer(self, button: SwitchButton, text: str, tip: str) -> None:
        """Have `button` do what `text` says, if that can be done."""
        able = self._maps.can_make
        tip = tip if able else self._caption.missing()
        button.setEnabled(able)
        if (text, tip) != (button.text(), button.toolTip()):
            button.setText(text)
            self._tell(button, tip)

    def _tell(self, button: SwitchButton, tip: str) -> None:
        button.setAccessibleName(button.text())
        button.setToolTip(tip)
        button.setAccessibleDescription(tip)

    @Slot()
    def _start_or_stop(self) -> None:
        if self._maps.making is not None or self._maps.follows:
            self._maps.stop()
        else:
            self._maps.start()
