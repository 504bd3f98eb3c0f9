"""Fields in a line, each behind its name."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gui.theme import SPACING

Field = tuple[str, list[QWidget], int]  # its name, its widgets, and its share of the room


def field_line(*fields: Field) -> QHBoxLayout:
    """A layout of `fields`; the first widget of each takes the room and has the name as buddy.

    A field that says by itself what it is needs no name.
    """
    line = QHBoxLayout()
    line.setSpacing(SPACING // 2)
    for number, (name, widgets, stretch) in enumerate(fields):
        if number:
            line.addSpacing(SPACING)
        if name:
            label = QLabel(name)
            label.setBuddy(widgets[0])
            line.addWidget(label)
        line.addWidget(widgets[0], stretch)
        for widget in widgets[1:]:
            line.addWidget(widget)
    return line
