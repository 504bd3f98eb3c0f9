"""What may stand on the command line. Needs no Qt; a mistake is one line and exit status 2."""

import argparse
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, get_args

from core.audit.finding import LEVELS
from core.batch import Side
from core.config import OBJECTIVES, OPTIMIZERS
from core.formats.registry import endings
from core.padding.messages import HEADS, LARGEST_EXTRA
from core.presets import PRESETS
from gui.versions import version_of

COMMANDS = ("lookup", "train", "audit", "padding", "convert", "demo")
LARGEST = 2**31 - 1
LARGEST_SEED = 2**32 - 1
SMALLEST_SIDE, LARGEST_SIDE = 320, 7680

_COMMANDS_HELP = """\
commands:
  embedscope lookup SENTENCE   print the ids and rows of a sentence
  embedscope train             train a table without a window
  embedscope audit             find what is wrong with a table or a text
  embedscope padding SENTENCE… find what pads do to a model over some sentences
  embedscope convert IN OUT    save a table in another format
  embedscope demo --out DIR    save pictures of the window, on a machine without a display
Each has --help of its own.
"""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """End with exit status 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def window_parser() -> Parser:
    """`embedscope [FILE]`."""
    parser = Parser(
        prog="embedscope",
        description="A window that shows a training nn.Embedding truthfully.",
        epilog=_COMMANDS_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("file", nargs="?", type=Path, help="a text, a table or a project to open")
    parser.add_argument(
        "--version", action="version", version=f"%(prog)s {version_of('embedscope')}"
    )
    return parser


def lookup_parser() -> Parser:
    """`embedscope lookup`."""
    parser = Parser(
        prog="embedscope lookup",
        description="Print the tokens of a sentence, their ids and their rows.",
        allow_abbrev=False,
    )
    parser.add_argument("sentence", nargs="+", type=_text, help="the sentence, quoted or not")
    _add_source(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def train_parser() -> Parser:
    """`embedscope train`."""
    parser = Parser(
        prog="embedscope train",
        description="Train a table without a window, in the same engine. A setting that is not "
        "given is the preset's, or that of a new text.",
        allow_abbrev=False,
    )
    _add_source(parser)
    parser.add_argument("--objective", choices=OBJECTIVES)
    parser.add_argument(
        "--tied", action="store_true", help="score words by the table itself; for next-word only"
    )
    parser.add_argument("--optimizer", choices=OPTIMIZERS)
    parser.add_argument("--dim", type=whole(1), metavar="N", help="numbers in a row")
    parser.add_argument("--batch", type=whole(1), metavar="N", help="examples in a step")
    parser.add_argument("--rate", type=_rate, metavar="X", help="learning rate")
    parser.add_argument("--steps", type=whole(1), metavar="N", default=100, help="default: 100")
    parser.add_argument(
        "--seed", type=whole(0, LARGEST_SEED), metavar="N", help="of all that is drawn at random"
    )
    parser.add_argument(
        "--padding-idx",
        type=_padding_idx,
        metavar="N|none",
        default=1,
        help="the row that gets no gradient by lookup; default: 1",
    )
    parser.add_argument("--out", type=_new_file, metavar="FILE.safetensors", help="save the table")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    return parser


def audit_parser() -> Parser:
    """`embedscope audit`; its status tells a training pipeline whether to go on."""
    parser = Parser(
        prog="embedscope audit",
        description="Find what is wrong with a table, with its padding and with its settings.",
        epilog="Exit status: 0 nothing grave, 1 something at or above --level, 2 bad input.",
        allow_abbrev=False,
    )
    source = _add_source(parser)
    source.add_argument("table", nargs="?", type=Path, metavar="TABLE.safetensors")
    parser.add_argument("--tensor", metavar="NAME", help="of several tables in the file")
    parser.add_argument(
        "--padding-idx",
        type=_padding_idx,
        metavar="N|none",
        nargs=1,
        default=(),
        help="default: what the table or the text has",
    )
    parser.add_argument("--level", choices=LEVELS, default="warning", help="default: warning")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def padding_parser() -> Parser:
    """`embedscope padding`."""
    parser = Parser(
        prog="embedscope padding",
        description="Find what pads do to a head over a batch of sentences. The table is fresh: a "
        "row for each word, after <unk> (id 0) and <pad> (id 1), drawn by nn.Embedding from the "
        "seed; sentences are padded with <pad>. Sentence i, from 0, has the label i mod 2.",
        epilog="A shift is how far a sentence's output moves, as a share of the output's length: "
        "when the batch is padded by --extra more than its longest sentence needs, and when random "
        "numbers stand in the row of <pad>. The largest of all sentences counts.",
        allow_abbrev=False,
    )
    parser.add_argument("sentence", nargs="+", type=_text, help="each quoted")
    parser.add_argument(
        "--head", choices=HEADS, required=True, help=f"one of {', '.join(HEADS)}", metavar="NAME"
    )
    parser.add_argument(
        "--extra", type=whole(0, LARGEST_EXTRA), metavar="N", default=3, help="default: 3"
    )
    parser.add_argument(
        "--padding-idx",
        type=_padding_idx,
        metavar="N|none",
        default=1,
        help="the row that gets no gradient by lookup; default: 1",
    )
    parser.add_argument("--side", choices=get_args(Side), default="right", help="default: right")
    parser.add_argument(
        "--seed", type=whole(0, LARGEST_SEED), metavar="N", default=0, help="default: 0"
    )
    parser.add_argument(
        "--steps",
        type=whole(0),
        metavar="N",
        default=0,
        help="of training on the batch before it is probed, with SGD at 0.1; default: 0",
    )
    parser.add_argument(
        "--dim", type=whole(1), metavar="N", default=8, help="numbers in a row; default: 8"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def convert_parser() -> Parser:
    """`embedscope convert`."""
    parser = Parser(
        prog="embedscope convert",
        description="Save a table in another format. What IN is, its content tells; OUT's ending "
        f"says what it shall be: one of {', '.join(endings())}.",
        allow_abbrev=False,
    )
    parser.add_argument("input", type=Path, metavar="IN", help="a file, or a model's folder")
    parser.add_argument("output", type=Path, metavar="OUT")
    parser.add_argument("--tensor", metavar="NAME", help="of several tables in IN")
    parser.add_argument(
        "--tokens",
        type=Path,
        metavar="FILE",
        help="the tokens: tokenizer.json, vocab.txt, or any list with one a line",
    )
    parser.add_argument(
        "--token-column", metavar="TITLE", help="the column with the tokens, in CSV and Parquet"
    )
    parser.add_argument(
        "--duplicates",
        choices=("refuse", "first"),
        default="refuse",
        help="of rows with the same token, keep the first; default: refuse the file",
    )
    return parser


def demo_parser() -> Parser:
    """`embedscope demo`."""
    parser = Parser(
        prog="embedscope demo",
        description="Open the window without a display, train, and save pictures and numbers.",
        allow_abbrev=False,
    )
    parser.add_argument("--preset", choices=PRESETS, default="article", help="default: article")
    parser.add_argument("--steps", type=whole(1), metavar="N", default=20, help="default: 20")
    parser.add_argument(
        "--size",
        type=_size,
        metavar="WxH",
        default=(1440, 900),
        help="of the pictures, in pixels; default: 1440x900",
    )
    parser.add_argument(
        "--theme", choices=("light", "dark"), default="light", help="default: light"
    )
    parser.add_argument(
        "--out",
        type=_folder,
        metavar="DIR",
        required=True,
        help="where start.png, end.png and report.json are saved",
    )
    return parser


def _add_source(parser: Parser) -> argparse._MutuallyExclusiveGroup:
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--preset", choices=PRESETS, default="article", help="default: article")
    source.add_argument("--text", type=Path, metavar="FILE", help="UTF-8, a sentence a line")
    return source


# ── one argument each; what they raise, argparse prints after the argument's name ─────────────


def whole(low: int, high: int = LARGEST) -> Callable[[str], int]:
    """Reads a whole number from `low` to `high`."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return value

    return read


def _rate(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return value


def _padding_idx(text: str) -> int | None:
    if text.casefold() == "none":
        return None
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is neither the number of a row nor none")
    return whole(0)(text)


def _text(text: str) -> str:
    # What the shell passes on that is not UTF-8 arrives as lone surrogates.
    if not text.isprintable() and any("\ud800" <= character <= "\udfff" for character in text):
        raise argparse.ArgumentTypeError("it is not UTF-8")
    return text


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    bounds = range(SMALLEST_SIDE, LARGEST_SIDE + 1)
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size like 1024x700")
    if int(width) not in bounds or int(height) not in bounds:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not between {SMALLEST_SIDE} and {LARGEST_SIDE} pixels on each side"
        )
    return int(width), int(height)


def _new_file(text: str) -> Path:
    path = Path(text)
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a folder, not a file")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.parent}")
    return path


def _folder(text: str) -> Path:
    path = Path(text)
    if path.exists() and not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a file, not a folder")
    return path


def parser_of(command: str) -> Parser:
    """The parser of one of `COMMANDS`."""
    parsers = {
        "lookup": lookup_parser,
        "train": train_parser,
        "audit": audit_parser,
        "padding": padding_parser,
        "convert": convert_parser,
        "demo": demo_parser,
    }
    return parsers[command]()


def wants_utf8_output() -> None:
    """Let tokens of any script be printed, whatever the terminal's encoding is."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
