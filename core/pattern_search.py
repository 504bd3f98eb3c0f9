"""A regular expression over all tokens, in a process of its own.

Python's `re` cannot be stopped, and lets no other thread run meanwhile: a pattern such as `(a+)+b`
would stop the window for hours. This process is simply ended. Imports the standard library only,
so that it starts at once. Reads the pattern and the tokens from standard input, and writes the ids
that match to standard output, or the reason why the pattern is none.
"""

import json
import re
import sys
import warnings
from array import array
from collections.abc import Sequence

BREAK = "\udfff"  # between the pattern and the tokens; a lone surrogate is in no text
BAD_PATTERN = 3  # the exit status


def packed(pattern: str, tokens: Sequence[str]) -> bytes:
    """What this process reads."""
    pattern = pattern.replace(BREAK, "\N{REPLACEMENT CHARACTER}")
    return BREAK.join([pattern, *tokens]).encode("utf-8", "surrogatepass")


def matching(pattern: str, tokens: Sequence[str]) -> list[int]:
    """The ids, ascending, of the tokens in which `pattern` is found, whatever their case.

    Raises `re.error`, or `OverflowError` and `RecursionError` for patterns that are too large.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of syntax that may mean something else one day
        search = re.compile(pattern, re.IGNORECASE).search
    return [id_ for id_, token in enumerate(tokens) if search(token)]


def main() -> int:
    """Read, match, write; the exit status says whether it was a pattern."""
    pattern, *tokens = sys.stdin.buffer.read().decode("utf-8", "surrogatepass").split(BREAK)
    try:
        found = matching(pattern, tokens)
    except re.error as error:
        sys.stdout.write(json.dumps([error.msg, error.pos]))
        return BAD_PATTERN
    except (OverflowError, RecursionError) as error:
        sys.stdout.write(json.dumps([str(error), None]))
        return BAD_PATTERN
    sys.stdout.buffer.write(array("i", found).tobytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
