"""The same script as a notebook: its parts as cells (nbformat 4.5, of the Jupyter project)."""

import json

from core.script.writer import Script


def notebook(script: Script, name: str) -> str:
    """The text of an .ipynb file; what stands beside it is found under `name` in its folder."""
    cells: list[dict[str, object]] = []
    for number, lines in enumerate(script.cells):
        # A notebook has no __file__.
        text = "\n".join(lines).replace("Path(__file__)", f"Path({name!r})")
        cells.append(
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"part-{number}",
                "metadata": {},
                "outputs": [],
                "source": text.splitlines(keepends=True),
            }
        )
    document = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
