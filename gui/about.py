"""The About box: versions of what is inside, and their licences."""

import platform

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.versions import PARTS, version_of


class AboutBox(QMessageBox):
    """Says what this is, under which licence, and what it is made of; does not block the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("aboutBox")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setWindowTitle(self.tr("About Embedscope"))
        self.setText(self.tr("Embedscope {version}").format(version=version_of("embedscope")))
        parts = [f"{name} {version_of(name)} · {licence}" for name, licence in PARTS.items()]
        self.setInformativeText(
            "\n".join(
                [
                    self.tr("A window that shows a training nn.Embedding as it is."),
                    self.tr("MIT licence, by the Embedscope authors."),
                    "",
                    f"Python {platform.python_version()}",
                    *parts,
                ]
            )
        )
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setStandardButtons(QMessageBox.StandardButton.Close)
