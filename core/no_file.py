"""What to say of a path that is no file to read from."""

from pathlib import Path

from core.problems import IsFolder, NoSuchFile


def why_no_file(path: Path) -> NoSuchFile | IsFolder:
    """That `path`, which is no regular file, is a folder, or that there is nothing to read."""
    return IsFolder(str(path)) if path.is_dir() else NoSuchFile(str(path))
