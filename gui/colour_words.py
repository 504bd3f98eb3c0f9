"""What the key to the colours says, in words and exact numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from core.colour_scale import COLOURS, NO_COLOUR, Graded, Span, middle
from core.colour_values import COLOURED, TIE_COLOUR, Grouped
from gui.canvas.tints import SHAPES, Category, Scale, Shape
from gui.colour_work import Choice, Work
from gui.numbers import rounded, shortest

_LONGEST = 28  # characters of a label


@dataclass(frozen=True, eq=False)
class Key:
    """The `codes` (V,) of the points, and what they mean; `names` are those of the groups."""

    codes: NDArray[np.uint8]
    title: str
    key: Scale | tuple[Category, ...]
    missing: str
    names: tuple[str, ...] = ()


class ColourWords(QObject):
    """Writes the keys."""

    def of_values(self, work: Work, graded: Graded) -> Key:
        """The key to a scale."""
        title, missing = self._title(work), self._missing(work)
        return Key(graded.codes, title, self._scale(work, graded), missing)

    def of_groups(self, work: Work, grouped: Grouped, labels: tuple[str, ...]) -> Key:
        """The key to groups; `labels` are the names of all labels."""
        names = self._names(work, labels)
        key = self._lists(work, grouped) if work.choice == "lists" else self._named(names, grouped)
        if grouped.ties:
            shape: Shape = SHAPES[len(key)] if len(key) < len(SHAPES) else "disc"
            lists = work.choice == "lists"
            text = self.tr("in several lists") if lists else self.tr("several equally")
            key = (*key, Category(text, TIE_COLOUR, grouped.ties, shape))
        return Key(grouped.codes, self._title(work), key, self._missing(work), names)

    def as_of(self, title: str, step: int) -> str:
        """`title` of a step that is not the one on screen."""
        return self.tr("{title}, as of step {step:,}").format(title=title, step=step)

    def awaited(self) -> tuple[str, str]:
        """Title and word for no value while clusters are being found for the first time."""
        return self.tr("Finding clusters…"), self.tr("not found yet")

    def column(self, choice: Choice) -> str:
        """What the values are called in the header of a file of numbers."""
        return {
            "id": "id",
            "frequency": "count",
            "norm": "norm",
            "moved": "moved",
            "since-mark": "moved since the mark",
            "gradient": "gradient norm",
            "clusters": "cluster",
            "labels": "label",
            "lists": "list",
            "picked": "picked",
        }[choice]

    # ── titles ────────────────────────────────────────────────────────────────────────────────

    def _title(self, work: Work) -> str:
        shown = work.shown
        match work.choice:
            case "id":
                return self.tr("Id")
            case "frequency":
                return self.tr("Frequency (log scale)")
            case "norm":
                return self.tr("Norm")
            case "moved":
                return self._moved(shown.since, shown.step)
            case "since-mark":
                step = 0 if work.marked is None else work.marked.step
                return self.tr("Moved since step {step:,}").format(step=step)
            case "gradient":
                return self.tr("Gradient norm in step {step:,}").format(step=shown.step)
            case "clusters":
                return self._clusters(work)
            case "labels":
                return self.tr("Label of most occurrences")
            case "lists":
                return self.tr("Lists")
            case _:
                return self.tr("Picked")

    def _moved(self, since: int, step: int) -> str:
        if since + 1 >= step:
            return self.tr("Moved in step {step:,}").format(step=step)
        return self.tr("Moved in steps {first:,}–{last:,}").format(first=since + 1, last=step)

    def _clusters(self, work: Work) -> str:
        found = work.clusters
        if found is None:
            return self.tr("Clusters")
        if not found.usable:
            return self.tr("No clusters: every row holds NaN or infinity")
        if found.grouped < found.usable:
            text = self.tr("{n} clusters (k-means of {part:,} rows of step {step:,})")
        else:
            text = self.tr("{n} clusters (k-means, step {step:,})")
        return text.format(n=len(found.centres), part=found.grouped, step=found.step)

    def _missing(self, work: Work) -> str:
        if work.choice in ("moved", "gradient") and not work.shown.done:
            return self.tr("not stored")
        return {
            "frequency": self.tr("not in the sentences"),
            "norm": self.tr("NaN or infinity"),
            "moved": self.tr("did not move"),
            "since-mark": self.tr("no row then, NaN or infinity"),
            "gradient": self.tr("no gradient"),
            "clusters": self.tr("no value"),
            "labels": self.tr("not in the sentences"),
            "lists": self.tr("in no list"),
            "picked": self.tr("not picked"),
        }.get(work.choice, "")

    # ── scales and groups ─────────────────────────────────────────────────────────────────────

    def _scale(self, work: Work, graded: Graded) -> Scale | tuple[Category, ...]:
        span = graded.span
        if span is None:
            return ()
        if span.low == span.high:
            codes = graded.codes if work.only is None else graded.codes[work.only]
            count = int(np.count_nonzero(codes != NO_COLOUR))
            return (Category(shortest(span.low), COLOURS // 2, count),)
        low, high = shortest(span.low), shortest(span.high)
        return Scale(
            self.tr("≤ {value}").format(value=low) if span.below else low,
            self.tr("≥ {value}").format(value=high) if span.above else high,
            self._middle(span),
        )

    def _middle(self, span: Span) -> str:
        """Worth saying where it is not half way."""
        return rounded(middle(span)) if span.logarithmic else ""

    def _names(self, work: Work, labels: tuple[str, ...]) -> tuple[str, ...]:
        if work.choice == "labels":
            return labels
        if work.choice == "lists":
            return tuple(each.name for each in work.lists)
        if work.choice == "picked":
            return (self.tr("picked"),)
        count = 0 if work.clusters is None else len(work.clusters.centres)
        return tuple(str(number + 1) for number in range(count))

    def _lists(self, work: Work, grouped: Grouped) -> tuple[Category, ...]:
        return tuple(
            Category(_short(each.name), each.colour, size, SHAPES[each.colour])
            for each, size in zip(work.lists, grouped.sizes, strict=True)
        )

    def _named(self, names: tuple[str, ...], grouped: Grouped) -> tuple[Category, ...]:
        sizes = grouped.sizes
        own = COLOURED if len(names) <= COLOURED else COLOURED - 1
        found = [
            Category(_short(name), place, sizes[place], SHAPES[place])
            for place, name in enumerate(names[:own])
        ]
        if len(names) > own:
            text = self.tr("{n} others").format(n=len(names) - own)
            found.append(Category(text, own, sum(sizes[own:]), SHAPES[own]))
        return tuple(found)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
