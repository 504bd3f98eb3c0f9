"""`embedscope` as typed: chooses the command, prints, and turns problems into one line each.

Only the window and `demo` import Qt's widgets: `lookup` and `train` also run where Qt's system
libraries are missing.
"""

import gc
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from core.problems import Diverged, EngineFailed, ProblemError
from gui.arguments import COMMANDS, parser_of, wants_utf8_output, window_parser
from gui.system_libraries import missing_display, missing_libraries

BAD_INPUT = 2
FAILED = 1
INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Do what `arguments` (without the program's name) say; the exit status."""
    wants_utf8_output()
    command = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    name = f"embedscope {command}".rstrip()
    try:
        if not command:
            return _window(window_parser().parse_args(arguments))
        parsed = parser_of(command).parse_args(arguments[1:])
        commands = {
            "lookup": _lookup,
            "train": _train,
            "audit": _audit,
            "padding": _padding,
            "convert": _convert,
            "demo": _demo,
        }
        return commands[command](parsed)
    except ProblemError as error:
        # Sentences for people are made with Qt's translations, so Qt comes in only here.
        from gui.explain import explain

        ours = isinstance(error.problem, Diverged | EngineFailed)
        return _say(name, " ".join(explain(error.problem).split()), FAILED if ours else BAD_INPUT)
    except KeyboardInterrupt:
        return _say(name, "stopped", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone (`… | head`); nothing is left to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _say(name: str, line: str, status: int) -> int:
    sys.stderr.write(f"{name}: {line}\n")
    return status


def _lookup(parsed: Namespace) -> int:
    from gui.lookup_command import lookup

    return lookup(" ".join(parsed.sentence), _source_name(parsed), parsed.text, as_json=parsed.json)


def _train(parsed: Namespace) -> int:
    from gui.train_command import train

    return train(_source_name(parsed), parsed)


def _audit(parsed: Namespace) -> int:
    from gui.audit_command import audit_command

    return audit_command(parsed)


def _padding(parsed: Namespace) -> int:
    from gui.padding_command import padding_command

    return padding_command(parsed)


def _convert(parsed: Namespace) -> int:
    from gui.convert_command import convert

    return convert(parsed)


def _source_name(parsed: Namespace) -> str:
    return str(parsed.preset)


def _holds_table(folder: Path) -> bool:
    from gui.table_preview import holds_table

    return holds_table(folder)


def _window(parsed: Namespace) -> int:
    file: Path | None = parsed.file
    if file is not None and not file.exists():
        return _say(
            "embedscope",
            f"there is no file {file}, nor such a command; commands are {', '.join(COMMANDS)}",
            BAD_INPUT,
        )
    if file is not None and file.is_dir() and not _holds_table(file):
        return _say(
            "embedscope",
            f"the folder {file} holds no table; name a file, or a folder with a config.json "
            "or a projector_config.pbtxt",
            BAD_INPUT,
        )
    trouble = missing_display() or missing_libraries()
    if trouble is not None:
        return _say("embedscope", trouble, BAD_INPUT)
    # Until the window's own collector takes over: of all that is loaded now nothing is garbage, and
    # looking for some takes a tenth of the time until the window is there.
    gc.disable()
    from gui.app import run_window

    return run_window(file)


def _demo(parsed: Namespace) -> int:
    from gui.offscreen import use_offscreen

    # Pictures need no display, and must not depend on the one there is.
    use_offscreen()
    trouble = missing_libraries()
    if trouble is not None:
        return _say("embedscope demo", trouble, BAD_INPUT)
    from gui.demo import run_demo

    return run_demo(parsed.preset, parsed.steps, parsed.size, parsed.theme, parsed.out)
