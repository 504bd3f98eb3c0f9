"""Makes sentences of why something that was asked about the rows has no answer."""

from typing import assert_never

from PySide6.QtCore import QObject

from core import looking_problems as problems
from core.looking_problems import AnyLookingProblem
from gui.explain_maps import MapSentences
from gui.numbers import shortest


class LookingSentences(QObject):
    """A QObject because Qt's translation tools look for `self.tr`."""

    def of(self, problem: AnyLookingProblem) -> str:
        """What a person reads about `problem`."""
        match problem:
            case problems.AxisRefused():
                return self._of_axis(problem)
            case problems.MapRefused():
                return MapSentences().of(problem)
            case problems.BadPattern() | problems.PatternTooSlow():
                return self._of_pattern(problem)
            case problems.BranchUnseen():
                return self._of_branch(problem)
            case problems.ClusteringFailed(detail):
                return self.tr(
                    "The clusters could not be found: {detail}. Choose them as colours again."
                ).format(detail=detail.rstrip("."))
            case _:
                return self._of_question(problem)

    def _of_axis(self, problem: problems.AxisRefused) -> str:
        sentences = {
            "no-arrow": self.tr(
                "“{text}” is no axis: write the tokens it goes from, one arrow, and the tokens it "
                "goes to, as in: he → she."
            ),
            "empty-side": self.tr("In “{text}” a side is empty. Write a token on each side."),
            "unknown-token": self.tr(
                "“{text}” is no axis: the vocabulary lacks {tokens}. Write tokens that the table "
                "has a row for."
            ),
            "same-token": self.tr(
                "In “{text}” the same token comes twice: {tokens}. Write each token once."
            ),
            "equal": self.tr(
                "“{text}” has no direction: its two ends are the same point. Train a step, or "
                "choose other tokens."
            ),
            "not-finite": self.tr(
                "“{text}” has no direction: one of its rows holds NaN or infinity. Choose other "
                "tokens."
            ),
        }
        listed = ", ".join(self.tr("“{token}”").format(token=token) for token in problem.tokens)
        return sentences[problem.reason].format(text=problem.text, tokens=listed)

    def _of_branch(self, problem: problems.BranchUnseen) -> str:
        text = self.tr(
            "Branch “{name}” is compared by its losses alone: its table has {values} numbers, and "
            "{most} are the most that can be shown beside another table."
        )
        if not problem.values:
            text = self.tr(
                "Branch “{name}” is compared by its losses alone: none of its tables was kept."
            )
        return text.format(
            name=problem.name, values=f"{problem.values:,}", most=f"{problem.most:,}"
        )

    def _of_pattern(self, problem: problems.BadPattern | problems.PatternTooSlow) -> str:
        match problem:
            case problems.BadPattern(pattern, reason, None):
                return self.tr("“{pattern}” is no regular expression: {reason}.").format(
                    pattern=pattern, reason=reason
                )
            case problems.BadPattern(pattern, reason, position):
                return self.tr(
                    "“{pattern}” is no regular expression: {reason}, at character {n}."
                ).format(pattern=pattern, reason=reason, n=(position or 0) + 1)
            case problems.PatternTooSlow(pattern, seconds):
                return self.tr(
                    "“{pattern}” was stopped after {seconds} seconds: it tries too many ways to "
                    "match. Write it without a repetition inside a repetition."
                ).format(pattern=pattern, seconds=shortest(seconds))
            case _:
                assert_never(problem)

    def _of_question(
        self,
        problem: problems.NotFinite
        | problems.NoDirection
        | problems.UnknownTokens
        | problems.NothingToFind
        | problems.MissingWord,
    ) -> str:
        match problem:
            case problems.NotFinite():
                return self.tr(
                    "Nothing is near to this vector: it holds NaN or Inf, or is longer than 1e18."
                )
            case problems.NoDirection():
                return self.tr(
                    "This vector is all zeros, so it has no direction and no cosine. Choose the "
                    "Euclidean distance."
                )
            case problems.UnknownTokens([token]):
                return self.tr("“{token}” is not in the vocabulary.").format(token=token)
            case problems.UnknownTokens(tokens):
                return self.tr("These are not in the vocabulary: {tokens}.").format(
                    tokens=", ".join(f"“{token}”" for token in tokens)
                )
            case problems.NothingToFind():
                return self.tr("There is no token here to look for. Type one.")
            case problems.MissingWord(position):
                return self.tr("A token is missing behind the sign at character {n}.").format(
                    n=position + 1
                )
            case _:
                assert_never(problem)
