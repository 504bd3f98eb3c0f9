"""What is to be recorded: which picture, of which steps, how large and how fast."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from core.film import MOST_PER_SECOND, Kind

MOST_PIXELS = 3840 * 2160  # of a frame: three that wait are 100 MB
LEAST_WIDTH, MOST_WIDTH = 64, 3840
USUAL_FRAMES = 200  # that a long run is thinned out to, unless other steps are chosen
USUAL_PER_SECOND = 10
CAPTION_LINES = 1.6  # height of the strip under the picture, in lines of text


@dataclass(frozen=True, eq=False)
class Subject:
    """What can be recorded: a panel, or the window; and how it is called."""

    name: str
    widget: QWidget


@dataclass(frozen=True, eq=False)
class Plan:
    """Steps `first`, `stride` later … and `last`; `width` in pixels, the height follows."""

    subject: Subject
    kind: Kind
    first: int
    last: int
    stride: int
    per_second: int
    width: int
    captioned: bool

    @property
    def steps(self) -> Sequence[int]:
        """The step of each frame, the last always among them; none if it comes before the first."""
        evenly = range(self.first, self.last + 1, self.stride)
        ends = len(evenly) == 0 or evenly[-1] == self.last
        return evenly if ends else (*evenly, self.last)

    @property
    def seconds(self) -> float:
        """How long the film lasts."""
        return len(self.steps) / self.per_second

    @property
    def size(self) -> QSize:
        """Of a frame, in pixels; both even, as videos want it."""
        widget = self.subject.widget
        height = self.width * widget.height() / max(1, widget.width()) + self.caption_height
        return QSize(_even(self.width), _even(height))

    @property
    def caption_height(self) -> int:
        """Of the strip that tells the step, in pixels; 0 without one."""
        widget = self.subject.widget
        if not self.captioned:
            return 0
        scale = self.width / max(1, widget.width())
        return _even(CAPTION_LINES * widget.fontMetrics().height() * scale)

    @property
    def is_too_large(self) -> bool:
        """Whether a frame has more pixels than `MOST_PIXELS`."""
        return self.size.width() * self.size.height() > MOST_PIXELS

    @property
    def is_too_fast(self) -> bool:
        """Whether there are more frames in a second than the kind of film can tell apart."""
        return self.per_second > MOST_PER_SECOND[self.kind]

    @property
    def can_be_made(self) -> bool:
        """Whether there is nothing against it."""
        return len(self.steps) > 0 and not self.is_too_large and not self.is_too_fast


def usual_stride(reach: int) -> int:
    """Between two steps of a run of `reach` steps, so that it is no long film."""
    return max(1, -(-reach // USUAL_FRAMES))


def _even(length: float) -> int:
    return max(2, 2 * round(length / 2))
