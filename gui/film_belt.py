"""Carries frames from the window, which paints them, to the thread that writes them."""

from collections.abc import Iterator
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from core.film import Frame
from core.progress import Progress, report
from gui.film_frames import pixels

MOST_WAITING = 3
SECONDS_BETWEEN_LOOKS = 0.1  # for Stop, while no frame comes


class Belt(QObject):
    """At most `MOST_WAITING` frames wait, as long as nobody puts one where there is no room."""

    taken = Signal()  # there is room

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._images: SimpleQueue[QImage] = SimpleQueue()

    @property
    def has_room(self) -> bool:
        """Whether a frame may be put."""
        return self._images.qsize() < MOST_WAITING

    def put(self, image: QImage) -> None:
        """On the UI thread: the next frame."""
        self._images.put(image)

    def frames(self, count: int, progress: Progress) -> Iterator[Frame]:
        """In the thread that writes: `count` frames as they come; raises `Cancelled`."""
        for done in range(count):
            yield pixels(self._next(done, count, progress))
        report(progress, count, count)

    def _next(self, done: int, count: int, progress: Progress) -> QImage:
        while True:
            report(progress, done, count)
            try:
                image = self._images.get(timeout=SECONDS_BETWEEN_LOOKS)
            except Empty:
                continue
            self.taken.emit()
            return image
