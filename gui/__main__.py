"""`python -m gui` and the command `embedscope`."""

import sys

from gui.command_line import run


def main() -> int:
    """Run the command line; the exit status."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
