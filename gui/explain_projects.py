"""Sentences about a project's file that cannot be used, and about a run of another machine."""

from typing import assert_never

from PySide6.QtCore import QObject

from core.problems import (
    BadProject,
    NewerProject,
    StateUnfit,
    StepsParted,
    TrainedElsewhere,
    ViewUnreadable,
)

ProjectProblem = (
    BadProject | NewerProject | ViewUnreadable | StateUnfit | TrainedElsewhere | StepsParted
)


class ProjectSentences(QObject):
    """Holds the sentences; a QObject because Qt's translation tools look for `self.tr`."""

    def of(self, problem: ProjectProblem) -> str:
        """The sentences about such a problem."""
        match problem:
            case BadProject():
                return self._of_bad(problem)
            case NewerProject(path, version, known):
                return self.tr(
                    "{path} was saved by a newer Embedscope: it has version {version} of the "
                    "project file, and this one knows versions up to {known}. Install the newer "
                    "Embedscope to open it."
                ).format(path=path, version=version, known=known)
            case ViewUnreadable(path, detail):
                return self.tr(
                    "{path} is open with all its training, but how it was looked at could not be "
                    "read ({detail}). It is shown as in a new session; save it again to be rid "
                    "of this message."
                ).format(path=path, detail=detail.rstrip("."))
            case StateUnfit(name):
                return self.tr(
                    "A saved state of this run does not fit its settings: {name} is missing or has "
                    "another shape. The file was damaged or changed; open another copy of it."
                ).format(name=name)
            case TrainedElsewhere(was, now):
                return self.tr(
                    "This run was trained with {was}; here it goes on with {now}. The table is "
                    "shown as it was saved. Earlier steps are shown only if training comes to "
                    "them again to the bit; otherwise the nearest stored step is."
                ).format(was=was, now=now)
            case StepsParted(step):
                return self.tr(
                    "Training the steps of this run again comes to other numbers than it did: "
                    "this was noticed at step {step}. Steps are now shown as they were stored; "
                    "those between cannot be recomputed on this machine."
                ).format(step=f"{step:,}")
            case _:
                assert_never(problem)

    def _of_bad(self, problem: BadProject) -> str:
        sentences = {
            "not-a-project": self.tr(
                "{path} is not a project of Embedscope. Open a file that was saved as one."
            ),
            "damaged": self.tr(
                "{path} is damaged and cannot be opened: {part}. Open another copy of it."
            ),
            "missing": self.tr(
                "{path} is no whole project: its part {part} is missing. Open another copy of it."
            ),
            "stranger": self.tr(
                "{path} holds “{part}”, which no project has, so nothing in it was opened. Open a "
                "file that Embedscope saved."
            ),
            "too-large": self.tr(
                "{path} would unpack to more than a project can hold, so it was not opened. Open a "
                "file that Embedscope saved."
            ),
        }
        found = (problem.part, problem.detail.rstrip("."))
        part = ": ".join(each for each in found if each)
        if problem.reason == "damaged" and not part:
            part = self.tr("a part of it is missing")
        return sentences[problem.reason].format(path=problem.path, part=part)
