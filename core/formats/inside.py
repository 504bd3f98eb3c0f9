"""The files that another file names: only those beside it or below, whatever the name says."""

import os
from pathlib import Path

from core.no_file import why_no_file
from core.problems import BrokenTable, ProblemError


def inside(folder: Path, name: str, named_by: Path, *, may_link: bool = False) -> Path:
    """The file `name` of `folder`, named by the file `named_by`.

    With `may_link` it may be a link to elsewhere, as in Hugging Face's cache. Raises
    `ProblemError`: `BrokenTable` if it lies elsewhere, `NoSuchFile` or `IsFolder`.
    """
    try:
        found = Path(os.path.normpath(folder.absolute() / name))
        found = found if may_link else found.resolve()
        own = folder.absolute() if may_link else folder.resolve()
        if not found.is_relative_to(own):
            raise ProblemError(BrokenTable(str(named_by), "climbs-out", detail=name))
        if not found.is_file():
            raise ProblemError(why_no_file(folder / name))
    except (ValueError, OSError, RuntimeError) as error:  # a NUL, a long name, links in a ring
        raise ProblemError(BrokenTable(str(named_by), "climbs-out", detail=name[:200])) from error
    return found
