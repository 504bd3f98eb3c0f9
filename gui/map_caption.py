"""What a map shows, in words: of which rows and step, how much to trust it, what it hides."""

from PySide6.QtCore import QObject

from core.maps.messages import Trust
from core.maps.settings import INSTALL_UMAP, Method
from gui.maps import Maps
from gui.shown_map import ShownMap


class MapCaption(QObject):
    """Makes the sentences."""

    def name(self, method: Method) -> str:
        """The method, as the field calls it."""
        return self.tr("t-SNE") if method == "tsne" else self.tr("UMAP")

    # ── what is shown ─────────────────────────────────────────────────────────────────────────

    def of(self, shown: ShownMap) -> str:
        """Of which step and rows the map is."""
        text = self.tr("Of step {step:,}.")
        if len(shown.ids) < shown.of:
            text = self.tr("Of step {step:,}, the {n:,} most frequent rows.")
        return text.format(step=shown.step, n=len(shown.ids))

    def trust(self, shown: ShownMap, dated: bool) -> str:
        """How much to trust the map, beside the linear view.

        `dated` says of which step too, as does a map of another step than was measured.
        """
        trust = shown.trust
        if trust is None:
            return self.tr("Trustworthiness: measured when the map has formed.")
        text = self.tr("Trustworthiness {map} ({beside} {plane}), {n} neighbours, {rows}.")
        if dated or shown.trusted != shown.step:
            text = self.tr(
                "At step {step:,}: trustworthiness {map} ({beside} {plane}), {n} neighbours, "
                "{rows}."
            )
        return text.format(
            step=shown.trusted,
            map=_hundredths(trust.map),
            beside=self.tr("PCA") if shown.beside_pca else self.tr("the linear view"),
            plane=_hundredths(trust.plane),
            n=trust.neighbours,
            rows=self._sampled(trust, shown),
        )

    def meaning(self, shown: ShownMap) -> str:
        """What the picture does not say."""
        return self.tr("{method}: distances between far groups mean little.").format(
            method=self.name(shown.settings.method)
        )

    def lowered(self, shown: ShownMap) -> str:
        """Whether the settings had to be lowered for want of rows."""
        if not 0 < shown.neighbours < shown.settings.neighbours:
            return ""
        text = self.tr("Neighbours lowered to {n}.")
        if shown.settings.method == "tsne":
            text = self.tr("Perplexity lowered to {n}.")
        return text.format(n=f"{shown.neighbours:.2g}")

    def behind(self, shown: ShownMap, step: int) -> str:
        """Whether the table is at another step."""
        if shown.step == step:
            return ""
        return self.tr("The table is at step {step:,}.").format(step=step)

    def unmapped(self, shown: ShownMap, missing: int) -> str:
        """Why the map lacks `missing` of the rows that a linear view shows."""
        zeros = len(shown.left_out)
        parts = []
        if zeros == 1:
            parts.append(self.tr("A row of zeros has no direction, and no place."))
        elif zeros:
            parts.append(self.tr("{n:,} rows of zeros have no direction, and no place."))
        if missing > zeros:
            text = self.tr("{m:,} rows are not in this map.")
            if len(shown.ids) < shown.of:
                text = self.tr("{m:,} rows, less frequent, are not in this map.")
            parts.append(text)
        return " ".join(parts).format(n=zeros, m=missing - zeros)

    def words(self, maps: Maps, shown: ShownMap, step: int, drawn: str, missing: int) -> str:
        """All of it; `drawn` says how many points are drawn, and `missing` rows are not mapped."""
        behind = "" if maps.follows else self.behind(shown, step)
        first = [self.trust(shown, maps.follows), self.lowered(shown), behind]
        second = [self.meaning(shown), drawn, self.unmapped(shown, missing)]
        lines = (" ".join(filter(None, line)) for line in (first, second))
        return "\n".join(filter(None, lines))

    # ── what is being made ────────────────────────────────────────────────────────────────────

    def estimate(self, maps: Maps) -> str:
        """How long a new map takes, and of how many rows it is."""
        rows = maps.available()
        mapped = min(rows, maps.settings.most_rows)
        text = self.tr("{time} for all {rows:,} rows.")
        if mapped < rows:
            text = self.tr("{time} for {mapped:,} of {rows:,} rows, the most frequent.")
        return text.format(time=self._roughly(maps.seconds()), mapped=mapped, rows=rows)

    def missing(self) -> str:
        """Why no map can be made, nor one that was kept go on."""
        return self.tr("UMAP is not installed, so no map can be made or go on; {command}.").format(
            command=INSTALL_UMAP
        )

    def progress(self, maps: Maps) -> str:
        """How far the map under way is, or what comes next."""
        making, current = maps.making, maps.current
        if maps.method == "pca":
            return ""
        if making is None:
            if current is None:
                return self.estimate(maps) if maps.can_make else self.missing()
            text = self.of(current)
            if not current.complete:
                text = self.tr("{text} Stopped early.").format(text=text)
            return text if maps.can_make else f"{text} {self.missing()}"
        if maps.follows and current is not None and making.before is not None:
            return self.of(current)
        if making.stage == "neighbours":
            return self.tr("Finding the nearest rows: {done:,} of {total:,}.").format(
                done=making.done, total=making.total
            )
        if making.stage == "starting":
            if making.settings.method == "umap":
                return self.tr("Starting; the first UMAP takes up to a minute longer.")
            return self.tr("Starting.")
        text = self.tr("Iteration {done:,} of {total:,}")
        left = making.seconds_left()
        if left is not None and left >= 1:
            text = self.tr("Iteration {done:,} of {total:,}, {time} left")
        return text.format(
            done=making.done, total=making.total, time="" if left is None else self._time(left)
        )

    # ── pieces ────────────────────────────────────────────────────────────────────────────────

    def _sampled(self, trust: Trust, shown: ShownMap) -> str:
        mapped = len(shown.ids) - len(shown.left_out)
        if trust.sampled < mapped:
            return self.tr("{n:,} rows sampled").format(n=trust.sampled)
        return self.tr("{n:,} rows").format(n=trust.sampled)

    def _roughly(self, seconds: float) -> str:
        if seconds < 2:
            return self.tr("A second or two")
        return self.tr("About {time}").format(time=self._time(seconds))

    def _time(self, seconds: float) -> str:
        if seconds < 90:
            return self.tr("{n:,} s").format(n=max(1, round(seconds)))
        if seconds < 90 * 60:
            return self.tr("{n:,} minutes").format(n=round(seconds / 60))
        return self.tr("{n:,} hours").format(n=round(seconds / 3600))


def _hundredths(value: float) -> str:
    """Rounded down, so that only what is perfect is called 1.00."""
    return f"{int(value * 100 + 1e-9) / 100:.2f}"
