"""The files that another file names: only those beside it or below, whatever the name says."""

from pathlib import Path

from core.problems import BrokenTable, NoSuchFile, ProblemError


def inside(folder: Path, name: str, named_by: Path) -> Path:
    """The file `name` of `folder`, named by the file `named_by`.

    Raises `ProblemError`: `BrokenTable` if it lies elsewhere, also by a link, and `NoSuchFile`.
    """
    try:
        found = (folder / name).resolve()
        if not found.is_relative_to(folder.resolve()):
            raise ProblemError(BrokenTable(str(named_by), "climbs-out", detail=name))
        if not found.is_file():
            raise ProblemError(NoSuchFile(str(folder / name)))
    except (ValueError, OSError, RuntimeError) as error:  # a NUL, a long name, links in a ring
        raise ProblemError(BrokenTable(str(named_by), "climbs-out", detail=name[:200])) from error
    return found
