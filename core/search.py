"""Finds all tokens that match a text: somewhere in them, at their beginning, or by a pattern."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core import pattern_search
from core.looking_problems import BadPattern, PatternTooSlow
from core.problems import ProblemError
from core.progress import Cancelled
from core.token_finder import TokenFinder

SearchMode = Literal["plain", "prefix", "regex"]

PATTERN_SECONDS = 5.0
"""How long a regular expression may take: 1,000,000 tokens and an ordinary one need about 1."""

LOOK_EVERY = 0.02  # seconds


def _never() -> bool:
    return False


def search(
    finder: TokenFinder,
    text: str,
    mode: SearchMode,
    cancelled: Callable[[], bool] = _never,
    seconds: float = PATTERN_SECONDS,
) -> NDArray[np.int32]:
    """The ids, ascending, of all tokens that match, whatever their case; none for an empty text.

    A regular expression is Python's, and matches anywhere in a token; within `(?-i:…)` case
    counts. Raises `Cancelled` once `cancelled()` says so, and `ProblemError`: `BadPattern`, or
    `PatternTooSlow` after `seconds`.
    """
    if not text:
        return np.empty(0, np.int32)
    if mode == "prefix":
        return finder.beginning_with(text)
    if mode == "plain":
        return finder.holding(text)
    return _by_pattern(finder, text, cancelled, seconds)


def _by_pattern(
    finder: TokenFinder, pattern: str, cancelled: Callable[[], bool], seconds: float
) -> NDArray[np.int32]:
    command = [sys.executable, "-P", "-m", pattern_search.__name__]
    end = time.monotonic() + seconds
    # From a file: a question written through a pipe would have to be waited for as well.
    with tempfile.TemporaryFile() as question:
        question.write(pattern_search.packed(pattern, finder.tokens))
        question.seek(0)
        process = subprocess.Popen(command, stdin=question, stdout=subprocess.PIPE)
    with process:
        try:
            answer = _answer(process, end, cancelled)
        except subprocess.TimeoutExpired:
            raise ProblemError(PatternTooSlow(pattern, seconds)) from None
        finally:
            process.kill()
    if process.returncode == pattern_search.BAD_PATTERN:
        raise ProblemError(BadPattern(pattern, *json.loads(answer)))
    if process.returncode:
        raise ProblemError(BadPattern(pattern, f"exit status {process.returncode}"))
    return np.frombuffer(answer, np.int32)


def _answer(process: subprocess.Popen[bytes], end: float, cancelled: Callable[[], bool]) -> bytes:
    """All that `process` writes; raises `Cancelled`, and `TimeoutExpired` at `end`."""
    while True:
        try:
            return process.communicate(timeout=LOOK_EVERY)[0]
        except subprocess.TimeoutExpired:
            if cancelled():
                raise Cancelled from None
            if time.monotonic() > end:
                raise
