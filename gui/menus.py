"""The menu bar: which action stands where."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from gui.actions import Actions
from gui.settings import Settings


class Menus(QObject):
    """Fills a menu bar with the actions."""

    recentChosen = Signal(object)  # Path

    def __init__(self, bar: QMenuBar, actions: Actions, settings: Settings) -> None:
        super().__init__(bar)
        self._bar = bar
        self._settings = settings
        self._file(actions)
        self._menu(
            self.tr("&Edit"),
            (actions.undo, actions.redo),
            (actions.find, actions.go_to_row),
            (
                actions.picking.all,
                actions.picking.others,
                actions.picking.none,
                actions.picking.keep,
            ),
            (actions.rebuild_vocabulary,),
        )
        self._view(actions)
        self._menu(
            self.tr("&Train"),
            (actions.run, actions.step, actions.step_ten, actions.step_back, actions.reset),
            (actions.faster, actions.slower),
        )
        self._menu(self.tr("&Help"), (actions.shortcuts,), (actions.about,))

    def by_title(self) -> dict[str, list[QAction]]:
        """The actions of each menu, those of its submenus among them, under the menu's title."""
        return {
            entry.text(): _leaves(menu)
            for entry in self._bar.actions()
            if isinstance(menu := entry.menu(), QMenu)
        }

    def _menu(self, title: str, *groups: Sequence[QAction]) -> QMenu:
        menu = self._bar.addMenu(title)
        for number, group in enumerate(groups):
            if number:
                menu.addSeparator()
            menu.addActions(group)
        return menu

    def _file(self, actions: Actions) -> None:
        menu = self._menu(self.tr("&File"))
        examples = menu.addMenu(self.tr("Examples"))
        examples.addActions(
            (actions.example_article, actions.example_small_world, actions.example_labelled)
        )
        examples.addMenu(self.tr("Padding")).addActions(actions.scenarios.all)
        menu.addSeparator()
        menu.addActions((actions.open_text, actions.open_table, actions.projects.open))
        self._recent = menu.addMenu(self.tr("Open recent"))
        self._recent.aboutToShow.connect(self._list_recent)
        self._recent.triggered.connect(self._choose_recent)
        menu.aboutToShow.connect(self._enable_recent)
        menu.addSeparator()
        menu.addActions((actions.projects.save, actions.projects.save_as))
        menu.addSeparator()
        menu.addActions((actions.save_table, actions.export_script, actions.record))
        menu.addSeparator()
        menu.addAction(actions.quit)

    def _view(self, actions: Actions) -> None:
        space = actions.space
        menu = self._menu(
            self.tr("&View"),
            (space.two_dimensions, space.three_dimensions, space.hold_axes),
            space.look_along,
            (actions.picking.only, actions.picking.everything),
            (actions.show_sentences, actions.show_table, actions.show_progress),
            (actions.larger, actions.smaller, actions.normal_size, actions.presentation),
            (),
        )
        menu.addMenu(self.tr("Theme")).addActions(
            (actions.theme_system, actions.theme_light, actions.theme_dark)
        )

    @Slot()
    def _enable_recent(self) -> None:
        self._recent.setEnabled(bool(self._settings.recent_files))

    @Slot()
    def _list_recent(self) -> None:
        self._recent.clear()
        for path in self._settings.recent_files:
            # In a menu "&" marks a key; a file's own is doubled.
            entry = self._recent.addAction(path.name.replace("&", "&&"))
            entry.setStatusTip(str(path))
            entry.setData(path)

    @Slot(QAction)
    def _choose_recent(self, entry: QAction) -> None:
        self.recentChosen.emit(entry.data())


def _leaves(menu: QMenu) -> list[QAction]:
    found: list[QAction] = []
    for action in menu.actions():
        submenu = action.menu()
        if isinstance(submenu, QMenu):
            found += _leaves(submenu)
        elif not action.isSeparator():
            found.append(action)
    return found
