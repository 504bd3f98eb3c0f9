"""What of the window can be recorded, and having it in front while it is."""

from collections.abc import Iterable, Iterator

from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from gui.export_menu import Offer
from gui.film_plan import Subject


def subjects_in(window: QWidget, called: str, offers: Iterable[Offer]) -> list[Subject]:
    """`window`, and those panels in it that are not turned off, tabs behind others among them."""
    panels = [Subject(offer.name, offer.picture) for offer in offers]
    return [Subject(called, window), *(each for each in panels if _is_at_hand(each.widget))]


def bring_forward(widget: QWidget) -> None:
    """Have `widget` seen, whatever tabs it is behind; not every panel follows the steps there."""
    for stack, page in _stacks(widget):
        tabs = stack.parentWidget()
        if isinstance(tabs, QTabWidget) and tabs.currentWidget() is not page:
            tabs.setCurrentWidget(page)


def _is_at_hand(widget: QWidget) -> bool:
    behind = {page for _, page in _stacks(widget)}
    return all(not each.isHidden() or each in behind for each in _up_from(widget))


def _up_from(widget: QWidget) -> Iterator[QWidget]:
    each: QWidget | None = widget
    while each is not None and not each.isWindow():
        yield each
        each = each.parentWidget()


def _stacks(widget: QWidget) -> Iterator[tuple[QStackedWidget, QWidget]]:
    for page in _up_from(widget):
        parent = page.parentWidget()
        if isinstance(parent, QStackedWidget):
            yield parent, page
