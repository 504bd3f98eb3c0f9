"""Makes one or two plain sentences of a problem: what is wrong, where, and what to do."""

from typing import assert_never

from PySide6.QtCore import QObject

from core import problems
from core.looking_problems import AnyLookingProblem
from core.problems import AnyProblem, CombinationRefused
from gui.explain_looking import LookingSentences
from gui.explain_projects import ProjectSentences
from gui.explain_tables import TableSentences
from gui.numbers import byte_count, shortest


def explain(problem: AnyProblem) -> str:
    """What a person reads about `problem`, in the language of the application."""
    return _Sentences().of(problem)


class _Sentences(QObject):
    """Holds the sentences; a QObject because Qt's translation tools look for `self.tr`."""

    def of(self, problem: AnyProblem) -> str:
        """The sentences about any problem."""
        if isinstance(problem, AnyLookingProblem):
            return LookingSentences().of(problem)
        match problem:
            case problems.UnknownName():
                return self._of_name(problem)
            case problems.OutOfBounds():
                return self._of_bounds(problem)
            case CombinationRefused():
                return self._of_combination(problem)
            case problems.CannotTie(objective):
                return self.tr(
                    "Only next-word can tie its output weights to the table; the objective is "
                    "{objective}."
                ).format(objective=objective)
            case problems.IdOutOfRange() | problems.NoExamples() | problems.NoLabels():
                return self._of_sentences(problem)
            case (
                problems.TooMuchMemory()
                | problems.Diverged()
                | problems.EngineFailed()
                | problems.EngineRestarted()
            ):
                return self._of_run(problem)
            case (
                problems.BadSpecialTokens() | problems.DuplicateToken() | problems.SequenceTooLong()
            ):
                return self._of_tokens(problem)
            case (
                problems.BadProject()
                | problems.NewerProject()
                | problems.ViewUnreadable()
                | problems.StateUnfit()
                | problems.TrainedElsewhere()
                | problems.StepsParted()
            ):
                return ProjectSentences().of(problem)
            case _:
                return self._of_file(problem)

    def _of_file(
        self,
        problem: problems.NoSuchFile
        | problems.IsFolder
        | problems.FileUnreadable
        | problems.FileTooLarge
        | problems.EmptyFile
        | problems.NotUtf8
        | problems.BadTokenizer
        | problems.TokenizerGaveUp
        | problems.AnyTableProblem,
    ) -> str:
        match problem:
            case problems.NoSuchFile(path):
                return self.tr("There is no file {path}. Check the name and the folder.").format(
                    path=path
                )
            case problems.IsFolder(path):
                return self.tr("{path} is a folder. Choose a file in it.").format(path=path)
            case problems.FileUnreadable(path, reason):
                return self.tr(
                    "The system did not let {path} be read or written: {reason}. Make room there, "
                    "or see that you may use its folder; or choose another."
                ).format(path=path, reason=reason.rstrip("."))
            case problems.FileTooLarge(path, size, limit):
                return self.tr(
                    "{path} is too large: it has {size}, and {limit} is the most that can be "
                    "opened. Open a part of it."
                ).format(path=path, size=byte_count(size), limit=byte_count(limit))
            case problems.EmptyFile(path):
                return self.tr("{path} holds no words. Open a file with text in it.").format(
                    path=path
                )
            case problems.NotUtf8(path, byte):
                return self.tr(
                    "{path} is not UTF-8 text: it stops being so at byte {byte}. Save it as UTF-8 "
                    "in a text editor, and open it again."
                ).format(path=path, byte=f"{byte:,}")
            case problems.BadTokenizer(path, reason):
                return self.tr("{path} is not a tokenizer that can be used: {reason}.").format(
                    path=path, reason=reason.rstrip(".")
                )
            case problems.TokenizerGaveUp(reason):
                return self.tr(
                    "The tokenizer cannot cut this text into tokens: {reason}. The text stays as "
                    "it is; change it, and it is tried again."
                ).format(reason=reason.rstrip("."))
            case _:
                return TableSentences().of(problem)

    def _of_tokens(
        self,
        problem: problems.BadSpecialTokens | problems.DuplicateToken | problems.SequenceTooLong,
    ) -> str:
        match problem:
            case problems.BadSpecialTokens(token, reason):
                return {
                    "same-id": self.tr(
                        "“{token}” has the id of the other special token. Give each its own id."
                    ),
                    "same-name": self.tr(
                        "Both special tokens are called “{token}”. Give each its own name."
                    ),
                    "not-one-word": self.tr(
                        "“{token}” cannot be a special token: its name must be one word."
                    ),
                    "not-at-its-id": self.tr(
                        "“{token}” does not have the id that is set for it. Set the id that it has "
                        "in the vocabulary."
                    ),
                }[reason].format(token=token)
            case problems.DuplicateToken(token, first, second):
                return self.tr(
                    "“{token}” has two ids, {first} and {second}. A token can have only one."
                ).format(token=token, first=first, second=second)
            case problems.SequenceTooLong(sequence, size, length):
                return self.tr(
                    "Sentence {number} has {size} tokens, and {length} is the length to pad to. "
                    "Choose a greater length, or the longest."
                ).format(number=sequence + 1, size=size, length=length)
            case _:
                assert_never(problem)

    def _of_name(self, problem: problems.UnknownName) -> str:
        return self.tr("There is no {kind} called “{name}”. There is: {available}.").format(
            kind=problem.kind, name=problem.name, available=", ".join(problem.available)
        )

    def _setting(self, name: str) -> str:
        """What the window calls a setting; the arguments of nn.Embedding keep torch's names."""
        return {
            "batch_size": self.tr("The batch size"),
            "rate": self.tr("The learning rate"),
            "momentum": self.tr("The momentum"),
            "weight_decay": self.tr("The weight decay"),
            "seed": self.tr("The seed"),
            "window": self.tr("The window"),
            "negatives": self.tr("The number of negatives"),
            "given rows": self.tr("The number of given rows"),
            "extra": self.tr("The number of extra pads"),
            "steps": self.tr("The number of steps"),
            "pad_id": self.tr("The pad’s id"),
            "cells": self.tr("The number of tokens in a batch for BatchNorm"),
        }.get(name, name)

    def _memory(self, what: str) -> str:
        """What needs the memory, in words."""
        return {
            "batch": self.tr("one batch"),
            "table": self.tr("the table"),
            "marked step": self.tr("a copy of the table"),
            "padding": self.tr("this head over this batch"),
        }.get(what, what)

    def _of_bounds(self, problem: problems.OutOfBounds) -> str:
        low, high = problem.low, problem.high
        if low is not None and high is not None:
            text = self.tr("{name} cannot be {value}: choose from {low} to {high}.")
        elif low is not None:
            text = self.tr("{name} cannot be {value}: choose {low} or more.")
        elif high is not None:
            text = self.tr("{name} cannot be {value}: choose {high} or less.")
        else:
            text = self.tr("{name} cannot be {value}: choose another value.")
        return text.format(
            name=self._setting(problem.name),
            value=shortest(problem.value),
            low="" if low is None else shortest(low),
            high="" if high is None else shortest(high),
        )

    def _of_combination(self, problem: CombinationRefused) -> str:
        return {
            "sparse-gradients-unsupported": self.tr(
                "{optimizer} cannot use sparse gradients. Turn “sparse” off, or choose sgd, "
                "adagrad or sparse-adam."
            ),
            "needs-sparse-gradients": self.tr(
                "{optimizer} needs sparse gradients. Turn “sparse” on, or choose adam."
            ),
            "sparse-momentum-grows": self.tr(
                "With sparse gradients, {optimizer}’s momentum would grow in memory and slow down "
                "with every step. Set the momentum to 0, or turn “sparse” off."
            ),
            "sparse-weight-decay": self.tr(
                "{optimizer} cannot use weight decay with sparse gradients. Set the weight decay "
                "to 0, or turn “sparse” off."
            ),
            "sparse-scale-grad-by-freq": self.tr(
                "“scale_grad_by_freq” does not go with sparse gradients. Turn one of the two off."
            ),
            "no-momentum": self.tr(
                "{optimizer} has no momentum setting. Set the momentum to 0, or choose sgd."
            ),
            "no-weight-decay": self.tr(
                "{optimizer} has no weight decay. Set the weight decay to 0, or choose another "
                "optimizer."
            ),
            "nesterov-needs-momentum": self.tr(
                "Nesterov needs a momentum above 0. Raise the momentum, or turn Nesterov off."
            ),
            "tied-gradients-are-dense": self.tr(
                "{optimizer} needs sparse gradients, and tied output weights give every row a "
                "gradient. Choose adam, or turn “tied output weights” off."
            ),
            "sparse-tied": self.tr(
                "Tied output weights give every row a gradient, so gradients cannot be sparse. "
                "Turn “sparse” off, or “tied output weights”."
            ),
        }[problem.reason].format(optimizer=problem.optimizer)

    def _of_sentences(
        self, problem: problems.IdOutOfRange | problems.NoExamples | problems.NoLabels
    ) -> str:
        match problem:
            case problems.IdOutOfRange(wrong, position, rows, token):
                text = (
                    self.tr(
                        "Id {id} at position {position} is not a row: the table has the rows 0 "
                        "to {last}."
                    )
                    if token is None
                    else self.tr(
                        "“{token}” at position {position} has the id {id}, which is not a row: "
                        "the table has the rows 0 to {last}."
                    )
                )
                return text.format(id=wrong, position=position, last=rows - 1, token=token)
            case problems.NoExamples(objective):
                return self.tr(
                    "The sentences hold nothing that {objective} could train on. Write a sentence "
                    "of two words or more."
                ).format(objective=objective)
            case problems.NoLabels(None):
                return self.tr(
                    "No sentence has a label. Write each line as a label, a tab and the sentence."
                )
            case problems.NoLabels(line):
                return self.tr(
                    "Line {line} has no label. Write it as a label, a tab and the sentence."
                ).format(line=line)
            case _:
                assert_never(problem)

    def _of_run(
        self,
        problem: problems.TooMuchMemory
        | problems.Diverged
        | problems.EngineFailed
        | problems.EngineRestarted,
    ) -> str:
        match problem:
            case problems.TooMuchMemory(what, needed, available):
                return self.tr(
                    "There is not enough memory for {what}: it needs {needed}, and there "
                    "is {available} for it. Choose a smaller batch, fewer columns or fewer words."
                ).format(
                    what=self._memory(what),
                    needed=byte_count(needed),
                    available=byte_count(available),
                )
            case problems.Diverged(step, loss):
                return self.tr(
                    "Training stopped at step {step}: the loss became {loss}. Lower the learning "
                    "rate and begin again from step 0."
                ).format(step=f"{step:,}", loss=shortest(loss))
            case problems.EngineFailed(detail):
                return self.tr(
                    "The training process failed: {detail}. Nothing that you typed is lost; "
                    "trying again may help."
                ).format(detail=detail.rstrip("."))
            case problems.EngineRestarted(step, how):
                return self.tr(
                    "The training process ended by itself ({how}) and was started again at "
                    "step {step}. Nothing is lost."
                ).format(how=how, step=f"{step:,}")
            case _:
                assert_never(problem)
