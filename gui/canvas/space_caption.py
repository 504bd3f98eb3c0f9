"""What Space shows, in words: the method, the axes and their variance, how many points."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from core.projection import Axis, Projected


@dataclass(frozen=True)
class Counts:
    """How many rows there are, how many of them are drawn, and how many of those are in view.

    `asked` is how many were asked for, if not all were; `fitted` says that the axes are the PCA of
    these.
    """

    rows: int
    drawn: int
    inside: int
    asked: int | None = None
    fitted: bool = True


class SpaceCaption(QObject):
    """Makes the sentences; shares of the variance are rounded to whole per cent.

    `directions` are the chosen directions as they are written, such as "he → she".
    """

    directions: tuple[str, ...] = ()

    def method(self, projected: Projected) -> str:
        """How the points were made from the rows."""
        if projected.policy == "plain":
            return self.tr("Coordinates as they are")
        if _directed(projected):
            return self.tr("Along directions, centred")
        if projected.only is not None:
            return self.tr("PCA of {n:,} rows, centred").format(n=len(projected.only))
        return self.tr("PCA of all rows, centred")

    def axis_names(self, projected: Projected) -> tuple[str, ...]:
        """A short name for each axis, to be written beside it."""
        return tuple(
            self.tr("{axis} · {share}").format(
                axis=self._short_name(number, axis, projected), share=self._share(axis.explained)
            )
            for number, axis in enumerate(projected.axes, start=1)
        )

    def axes(self, projected: Projected) -> str:
        """What each axis is, how much it shows, and since when."""
        if projected.policy == "plain":
            names = [str(axis.number) for axis in projected.axes]
            if len(names) == 1:
                return self.tr("Coordinate {a} as it is.").format(a=names[0])
            listed = self.tr("{all} and {last}").format(all=", ".join(names[:-1]), last=names[-1])
            return self.tr("Coordinates {names} as they are.").format(names=listed)
        if _directed(projected):
            return self._angled(projected)
        each = "; ".join(
            self._described(number, axis, projected)
            for number, axis in enumerate(projected.axes, start=1)
        )
        total = sum(axis.explained for axis in projected.axes)
        if math.isnan(total):
            return self._without_variance(each, projected)
        return self.tr("{axes}; together {share} of the variance.").format(
            axes=each[:1].upper() + each[1:], share=self._share(total)
        )

    def _without_variance(self, axes: str, projected: Projected) -> str:
        counted = len(projected.points) if projected.only is None else len(projected.only)
        counted -= len(projected.left_out)
        if counted == 0:
            return self.tr("{axes}. There is no row to show.").format(axes=axes)
        if counted == 1:
            return self.tr("{axes}. One row alone has no variance.").format(axes=axes)
        return self.tr("{axes}. All rows are equal: there is no variance.").format(axes=axes)

    def manner(self, projected: Projected) -> str:
        """What the axes do as the table moves; nothing to say about plain coordinates."""
        if projected.policy == "plain":
            return ""
        if projected.turning < 1:
            return self.tr("The view is turning to a new plane.")
        if projected.policy == "held":
            text = self.tr("Axes: held since step {step:,}.").format(step=projected.since)
            if projected.measured < projected.step:
                text = self.tr("{text} Shares: of step {step:,}.").format(
                    text=text, step=projected.measured
                )
            return text
        return " ".join(filter(None, [self._following(projected), self._lag(projected)]))

    def _following(self, projected: Projected) -> str:
        if projected.exact or _directed(projected):
            return self.tr("Axes: following.")
        numbers = [str(axis.number) for axis in projected.axes]
        if projected.numbers:
            numbers = [str(number) for number in projected.numbers]
        if len(numbers) == 3:
            text = self.tr("Axes: following PC {a}, {b} and {c}, turned in their space.")
            return text.format(a=numbers[0], b=numbers[1], c=numbers[2])
        text = self.tr("Axes: following PC {a} and {b}, turned in their plane.")
        return text.format(a=numbers[0], b=numbers[1])

    def _lag(self, projected: Projected) -> str:
        """What is not yet as exact, or as new, as the points."""
        if projected.measured < projected.step:
            return self.tr(
                "All rows move, and are read for the PCA bit by bit: last from step {step:,} on."
            ).format(step=projected.measured)
        return "" if projected.settled else self.tr("The components are still being refined.")

    def _angled(self, projected: Projected) -> str:
        """Short, for the directions are written beside their axes."""
        shares = ", ".join(
            self.tr("{axis} {share}").format(axis=letter, share=self._share(axis.explained))
            for letter, axis in zip("xyz", projected.axes, strict=False)
        )
        text = self.tr("{shares} of the variance.").format(shares=shares)
        count = sum(axis.kind == "direction" for axis in projected.axes)
        if count == 2:
            text = self.tr(
                "{shares} of the variance; x and y are {angle}° apart, drawn at a right angle."
            ).format(shares=shares, angle=_degrees(projected, 0, 1))
        elif count == 3:
            a, b, c = (_degrees(projected, *pair) for pair in ((0, 1), (0, 2), (1, 2)))
            text = self.tr(
                "{shares} of the variance; x and y are {a}° apart, x and z {b}°, y and z {c}°, "
                "drawn at right angles."
            ).format(shares=shares, a=a, b=b, c=c)
        lost = ", ".join(self._direction(axis.number) for axis in projected.axes if axis.lost)
        if lost:
            text = self.tr("{text} {lost} has no direction now; its axis is as it was.").format(
                text=text, lost=lost
            )
        return text

    def _direction(self, number: int) -> str:
        if number < len(self.directions):
            return self.directions[number]
        return self.tr("direction {n}").format(n=number + 1)

    def counts(
        self, counts: Counts, left_out: tuple[int, ...], name_of: Callable[[int], str]
    ) -> str:
        """How many of how many points are drawn, and what became of the others."""
        text = self.tr("{drawn:,} of {rows:,} points drawn").format(
            drawn=counts.drawn, rows=counts.rows
        )
        if counts.asked is not None:
            text = self.tr("{asked:,} of {rows:,} tokens shown")
            if counts.fitted and counts.asked > 1:
                text = self.tr("{asked:,} of {rows:,} tokens shown, PCA of these {asked:,}")
            text = text.format(asked=counts.asked, rows=counts.rows)
        outside = counts.drawn - counts.inside
        if outside:
            text = self.tr("{text}, {n:,} outside the view").format(text=text, n=outside)
        text = self.tr("{text}.").format(text=text)
        if not left_out:
            return text
        if len(left_out) == 1:
            why = self.tr("{token} (id {id}) is left out: its row holds NaN or infinity.").format(
                token=name_of(left_out[0]), id=left_out[0]
            )
        else:
            why = self.tr("{n:,} are left out: their rows hold NaN or infinity.").format(
                n=len(left_out)
            )
        return f"{text} {why}"

    def _described(self, number: int, axis: Axis, projected: Projected) -> str:
        share = self._share(axis.explained)
        if projected.policy == "held":
            text = self.tr("axis {n}: PC {pc} of step {step:,}, {share} now")
            if not projected.exact:
                text = self.tr("axis {n}: as in step {step:,}, {share} now")
            return text.format(n=number, pc=axis.number, step=projected.since, share=share)
        name = self._plain_name(number, axis, projected)
        return self.tr("{axis}: {share}").format(axis=name, share=share)

    def _plain_name(self, number: int, axis: Axis, projected: Projected) -> str:
        if axis.kind == "direction":
            return self._direction(axis.number)
        if axis.kind == "across":
            return self.tr("at a right angle")
        if projected.exact and projected.turning >= 1:
            return self.tr("PC {n}").format(n=axis.number)
        return self.tr("axis {n}").format(n=number)

    def _short_name(self, number: int, axis: Axis, projected: Projected) -> str:
        if axis.kind == "column":
            return self.tr("column {n}").format(n=axis.number)
        if projected.policy == "held" and projected.exact:
            return self.tr("PC {n} of step {step:,}").format(n=axis.number, step=projected.since)
        return self._plain_name(number, axis, projected)

    def _share(self, share: float) -> str:
        if math.isnan(share):
            return self.tr("no variance")
        if 0 < share < 0.005:
            return self.tr("under 1%")
        return self.tr("{n}%").format(n=round(100 * share))


def _directed(projected: Projected) -> bool:
    return any(axis.kind == "direction" for axis in projected.axes)


def _degrees(projected: Projected, one: int, other: int) -> int:
    """The angle between two axes, in whole degrees."""
    cosine = float(projected.basis[:, one] @ projected.basis[:, other])
    return round(math.degrees(math.acos(min(max(cosine, -1.0), 1.0))))
