"""Asks what of a run is to be recorded, and says before how long and how large it will be."""

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.film import INSTALL_MP4, KINDS, MOST_PER_SECOND, Kind, is_available
from gui.film_plan import (
    LEAST_WIDTH,
    MOST_PIXELS,
    MOST_WIDTH,
    USUAL_PER_SECOND,
    Plan,
    Subject,
    usual_stride,
)
from gui.theme import SPACING

NAMELESS = " "


class RecordDialog(QDialog):
    """Emits `wanted` with a plan that can be made."""

    wanted = Signal(object)  # gui.film_plan.Plan

    def __init__(
        self, subjects: Sequence[Subject], reach: int, parent: QWidget | None = None
    ) -> None:
        """`reach` is the last step of the run."""
        super().__init__(parent)
        self.setObjectName("recordDialog")
        self.setWindowTitle(self.tr("Record"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._subjects = subjects
        self._make_fields(reach)
        self._note = QLabel()
        self._note.setObjectName("recordNote")
        self._note.setWordWrap(True)
        self._note.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setIcon(QIcon())
        self._record = buttons.addButton(self.tr("Record…"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._record.setObjectName("recordStart")
        buttons.accepted.connect(self._decide)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        column.setSpacing(2 * SPACING)
        column.addLayout(self._form())
        column.addWidget(self._note)
        column.addWidget(buttons)
        for box in (self.first, self.last, self.stride, self.per_second, self.wide):
            box.valueChanged.connect(self._tell)
        self.kind.currentIndexChanged.connect(self._tell)
        self.captioned.toggled.connect(self._tell)
        self.subject.currentIndexChanged.connect(self._take_subject)
        self._take_subject()

    @property
    def plan(self) -> Plan:
        """What the fields say; perhaps it cannot be made."""
        return Plan(
            subject=self._subjects[self.subject.currentIndex()],
            kind=self.kind.currentData(),
            first=self.first.value(),
            last=self.last.value(),
            stride=self.stride.value(),
            per_second=self.per_second.value(),
            width=self.wide.value(),
            captioned=self.captioned.isChecked(),
        )

    # ── fields ────────────────────────────────────────────────────────────────────────────────

    def _make_fields(self, reach: int) -> None:
        self.subject = self._choice("recordSubject", self.tr("What is recorded"))
        self.subject.addItems([subject.name for subject in self._subjects])
        self.kind = self._choice("recordKind", self.tr("Kind of film"))
        for number, kind in enumerate(KINDS):
            self.kind.addItem(self._kind_text(kind), kind)
            model = self.kind.model()
            if not is_available(kind) and isinstance(model, QStandardItemModel):
                model.item(number).setEnabled(False)
        self.first = self._number("recordFirst", self.tr("First step"), 0, reach, 0)
        self.last = self._number("recordLast", self.tr("Last step"), 0, reach, reach)
        most, stride = max(1, reach), usual_stride(reach)
        self.stride = self._number("recordStride", self.tr("Steps apart"), 1, most, stride)
        fastest, usual = max(MOST_PER_SECOND.values()), USUAL_PER_SECOND
        name = self.tr("Frames per second")
        self.per_second = self._number("recordPerSecond", name, 1, fastest, usual)
        name = self.tr("Width in pixels")
        self.wide = self._number("recordWidth", name, LEAST_WIDTH, MOST_WIDTH, LEAST_WIDTH)
        self.wide.setSingleStep(2)
        self._high = QLabel()
        self.captioned = QCheckBox(self.tr("Write the step under each frame"))
        self.captioned.setObjectName("recordCaption")
        self.captioned.setAccessibleName(self.captioned.text())
        self.captioned.setChecked(True)

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(2 * SPACING)
        form.setVerticalSpacing(SPACING)
        form.addRow(self.tr("Picture"), self.subject)
        form.addRow(
            self.tr("Steps"),
            _row(self.first, self.tr("to"), self.last, self.tr("every"), self.stride),
        )
        form.addRow(self.tr("Save as"), self.kind)
        form.addRow(self.tr("Speed"), _row(self.per_second, self.tr("frames a second")))
        form.addRow(self.tr("Size"), _row(self.wide, self._high))
        form.addRow(NAMELESS, self.captioned)
        return form

    def _choice(self, name: str, told: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(told)
        return box

    def _number(self, name: str, told: str, low: int, high: int, value: int) -> QSpinBox:
        box = QSpinBox()
        box.setObjectName(name)
        box.setAccessibleName(told)
        box.setLocale(QLocale.c())
        box.setRange(low, high)
        box.setValue(value)
        return box

    def _kind_text(self, kind: Kind) -> str:
        texts = {
            "gif": self.tr("GIF: plays anywhere, 256 colours"),
            "mp4": self.tr("MP4: a video, small and sharp"),
            "png": self.tr("PNG: a folder with a picture of each frame"),
        }
        if is_available(kind):
            return texts[kind]
        return self.tr("MP4: “{command}” makes it available").format(command=INSTALL_MP4)

    # ── what comes of it ──────────────────────────────────────────────────────────────────────

    @Slot()
    def _take_subject(self) -> None:
        """As large as it is on screen, until another size is chosen."""
        widget = self._subjects[self.subject.currentIndex()].widget
        width = round(widget.width() * widget.devicePixelRatioF())
        self.wide.setValue(width - width % 2)
        self._tell()

    @Slot()
    def _tell(self) -> None:
        plan = self.plan
        size = plan.size
        self._high.setText(
            self.tr("pixels wide, {height} high").format(height=f"{size.height():,}")
        )
        self._note.setText(self._objection(plan) or self._preview(plan))
        self._record.setEnabled(plan.can_be_made)

    def _preview(self, plan: Plan) -> str:
        steps = plan.steps
        count = len(steps)
        if count == 1:
            return self.tr("1 frame: step {step}.").format(step=f"{steps[0]:,}")
        text = self.tr("{count} frames: steps {first}, {second} … {last}.")
        if count == 2:
            text = self.tr("2 frames: steps {first} and {last}.")
        parts = [
            text.format(
                count=f"{count:,}",
                first=f"{steps[0]:,}",
                second=f"{steps[1]:,}",
                last=f"{steps[-1]:,}",
            )
        ]
        if plan.kind != "png":
            seconds = f"{plan.seconds:,.1f}"
            parts.append(self.tr("The film lasts {seconds} s.").format(seconds=seconds))
        return " ".join(parts)

    def _objection(self, plan: Plan) -> str:
        """Why `plan` cannot be made, and what to do; empty if it can."""
        if not len(plan.steps):
            return self.tr("There is no frame: the first step comes after the last.")
        if plan.is_too_large:
            return self.tr(
                "{width} × {height} pixels are more than a frame may have, {most} million. "
                "Choose a smaller width."
            ).format(
                width=f"{plan.size.width():,}",
                height=f"{plan.size.height():,}",
                most=f"{MOST_PIXELS / 1e6:.1f}",
            )
        if plan.is_too_fast:
            return self.tr("A GIF shows at most {most} frames a second.").format(
                most=MOST_PER_SECOND[plan.kind]
            )
        return ""

    @Slot()
    def _decide(self) -> None:
        plan = self.plan
        self.accept()
        self.wanted.emit(plan)


def _row(*parts: QWidget | str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACING)
    for part in parts:
        row.addWidget(QLabel(part) if isinstance(part, str) else part)
    row.addStretch(1)
    return row
