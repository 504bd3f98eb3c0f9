"""The versions of Embedscope and of what it is made of, and their licences. Needs no Qt."""

# Distribution → licence, of everything the program is made of.
PARTS = {
    "PySide6-Essentials": "LGPL-3.0",
    "torch": "BSD-3-Clause",
    "numpy": "BSD-3-Clause",
    "pyqtgraph": "MIT",
    "scikit-learn": "BSD-3-Clause",
    "tokenizers": "Apache-2.0",
    "msgspec": "BSD-3-Clause",
    "safetensors": "Apache-2.0",
    "tqdm": "MPL-2.0 and MIT",
}


def version_of(distribution: str) -> str:
    """The installed version of `distribution`; "?" if it is not installed as a package."""
    # Here, for the window to be on screen sooner.
    from importlib import metadata

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "?"
