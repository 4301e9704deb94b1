"""Reads Jupyter notebooks (nbformat 3 and 4, https://nbformat.readthedocs.io/): cell by cell.

Each cell is a heading; the headings of a Markdown cell stand below it. Pictures are left out.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rag.documents.draft import Draft
from rag.documents.encoding import read_text
from rag.documents.faults import library_faults
from rag.documents.markdown import find_headings
from rag.types import Document, Kind

LONGEST_OUTPUT = 4000  # characters; what is longer is the print of a loop, and seldom sought
TERMINAL_COLORS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def read(path: Path) -> Document:
    """The cells with their source and the text of their outputs. Raises `DamagedFile`."""
    text = read_text(path)
    draft = Draft()
    if not text.strip():
        return draft.document(Kind.NOTEBOOK, path)
    with library_faults(path, "Jupyter notebook"):
        notebook = json.loads(text)
        language = str(notebook["metadata"].get("language_info", {}).get("name", "python"))
        title = ""
        for number, cell in enumerate(_cells(notebook), start=1):
            draft.add_heading(f"Cell {number}", level=1)
            source = _joined(cell.get("source", cell.get("input", "")))
            match cell["cell_type"]:
                case "code":
                    draft.add_code(source, language=language)
                    _add_outputs(draft, cell.get("outputs", []))
                case "heading":  # nbformat 3
                    draft.add_heading(source, level=1 + int(cell["level"]))
                case "markdown":
                    title = title or _add_markdown(draft, source)
                case _:
                    draft.add_paragraph(source)
        return draft.document(Kind.NOTEBOOK, path, titles=[title])


def _cells(notebook: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "cells" in notebook:
        yield from notebook["cells"]
    for sheet in notebook.get("worksheets", []):  # nbformat 3
        yield from sheet["cells"]


def _add_markdown(draft: Draft, source: str) -> str:
    """Adds a cell's Markdown; gives its first heading of level 1, if it has one."""
    end = 0
    headings = find_headings(source)
    for heading in headings:
        draft.add_paragraph(source[end : heading.span.start])
        draft.add_heading(heading.title, level=1 + heading.level)
        end = heading.span.end
    draft.add_paragraph(source[end:])
    return next((heading.title for heading in headings if heading.level == 1), "")


def _add_outputs(draft: Draft, outputs: Iterable[dict[str, Any]]) -> None:
    for output in outputs:
        text = TERMINAL_COLORS.sub("", _output(output))
        if len(text) > LONGEST_OUTPUT:
            text = f"{text[:LONGEST_OUTPUT]}\n…"
        draft.add_code(text)


def _output(output: dict[str, Any]) -> str:
    if output.get("output_type") in ("error", "pyerr"):
        return f"{output.get('ename', '')}: {output.get('evalue', '')}"
    by_type = output.get("data", {})
    return _joined(by_type.get("text/plain", output.get("text", "")))


def _joined(lines: str | list[str]) -> str:
    return lines if isinstance(lines, str) else "".join(map(str, lines))
