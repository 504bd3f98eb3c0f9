"""Sentences about a table's file that cannot be used: the file, the place in it, the remedy."""

from typing import assert_never

from PySide6.QtCore import QObject

from core import problems
from core.problems import AnyTableProblem, BrokenTable


class TableSentences(QObject):
    """Holds the sentences; a QObject because Qt's translation tools look for `self.tr`."""

    def of(self, problem: AnyTableProblem) -> str:
        """The sentences about such a problem."""
        match problem:
            case problems.WhichTensor(path, tensors):
                return self.tr(
                    "{path} holds several tables. Name one with --tensor: {tensors}."
                ).format(path=path, tensors=", ".join(tensors))
            case problems.BadTable():
                return self._of_tensors(problem)
            case problems.UnknownFormat(path):
                return self.tr(
                    "{path} is no table in a format that can be read. Save it as safetensors, "
                    ".npy or word2vec text, and open that."
                ).format(path=path)
            case problems.UnknownEnding(path, endings):
                return self.tr(
                    "{path} cannot be saved, for its name does not say as what. End it with one "
                    "of {endings}."
                ).format(path=path, endings=", ".join(endings))
            case BrokenTable():
                return self._of_fault(problem)
            case problems.RepeatedToken(path, token, first, second):
                return self.tr(
                    "In {path} the rows {first} and {second} are both called “{token}”. Rename "
                    "one, or keep only the first of such rows."
                ).format(path=path, first=first, second=second, token=token)
            case problems.TokensDoNotFit(path, tokens, rows):
                return self.tr(
                    "{path} has {tokens} tokens, and the table has {rows} rows. Choose the file "
                    "that has a token for each row."
                ).format(path=path, tokens=f"{tokens:,}", rows=f"{rows:,}")
            case problems.RowsChanged(path):
                return self.tr(
                    "{path}, which this run began with, has changed since it was opened. Open it "
                    "again to begin with what it holds now."
                ).format(path=path)
            case problems.CannotHold():
                return self._of_token(problem)
            case _:
                assert_never(problem)

    def _of_tensors(self, problem: problems.BadTable) -> str:
        return {
            "not-safetensors": self.tr(
                "{path} is not a whole safetensors file: {detail}. Save the table again."
            ),
            "no-table": self.tr(
                "{path} holds no table: none of its tensors has rows and columns of "
                "floating-point numbers in 16, 32 or 64 bits."
            ),
            "not-a-table": self.tr(
                "{detail} in {path} is not a table: it needs rows and columns of "
                "floating-point numbers in 16, 32 or 64 bits."
            ),
        }[problem.reason].format(path=problem.path, detail=problem.detail.rstrip("."))

    def _of_fault(self, problem: BrokenTable) -> str:
        sentences = {
            "truncated": self.tr(
                "{path} ends in the middle, in row {place}: it is not whole. Fetch or save it "
                "again."
            ),
            "too-long": self.tr(
                "{path} goes on after its last row, {place}: its first line names too few rows, "
                "or it is not whole. Fetch or save it again."
            ),
            "wrong-count": self.tr(
                "{path} says that it has {wanted} rows, and has {found}. Correct its first line, "
                "or fetch it again."
            ),
            "ragged": self.tr(
                "Line {place} of {path} should have {wanted} numbers, and has {found}. Correct "
                "or remove the line."
            ),
            "not-a-number": self.tr(
                "In line {place} of {path}, “{detail}” stands where a number should be. Correct or "
                "remove the line."
            ),
            "not-utf8": self.tr(
                "Line {place} of {path} is not UTF-8 text. Save it as UTF-8 in a text editor, and "
                "open it again."
            ),
            "impossible-claim": self.tr(
                "{path} says that it holds {detail}, which its size has no room for. It is not "
                "whole, or not what it seems: fetch or save it again."
            ),
            "bomb": self.tr(
                "{path} unpacks to more than {detail}, far more than a table does. Do not open "
                "it, unless you can unpack it yourself and know what is in it."
            ),
            "climbs-out": self.tr(
                "{path} names the file “{detail}”, which is outside its own folder. Put that file "
                "beside it, and correct the name."
            ),
            "code": self.tr(
                "{path} holds more than tensors, and loading it could run code: {detail}. Save "
                "its state_dict, or safetensors, and open that."
            ),
            "no-column": self.tr(
                "{path} has no column that can be used: {detail}. Name the column with the tokens; "
                "all others must be numbers."
            ),
            "damaged": self.tr("{path} cannot be read: {detail}. Fetch or save it again."),
        }
        return sentences[problem.fault].format(
            path=problem.path,
            place="" if problem.place is None else f"{problem.place:,}",
            found=f"{problem.found:,}",
            wanted=f"{problem.wanted:,}",
            detail=problem.detail.rstrip("."),
        )

    def _of_token(self, problem: problems.CannotHold) -> str:
        return {
            "token-with-space": self.tr(
                "{path} cannot hold “{token}” (row {row}): in this format a space ends a token. "
                "Save as safetensors or Parquet."
            ),
            "token-with-line-end": self.tr(
                "{path} cannot hold “{token}” (row {row}): in this format a line ends a token. "
                "Save as safetensors or Parquet."
            ),
            "token-with-tab": self.tr(
                "{path} cannot hold “{token}” (row {row}): in this format a tab ends a token. "
                "Save as safetensors or Parquet."
            ),
            "half-a-character": self.tr(
                "{path} cannot hold “{token}” (row {row}), which is not whole UTF-8. Rename the "
                "token."
            ),
        }[problem.reason].format(
            path=problem.path,
            token=problem.token.encode("unicode_escape").decode("ascii")
            if not problem.token.isprintable()
            else problem.token,
            row=f"{problem.row:,}",
        )
