"""Jupyter notebooks: cells with source and outputs, of this format's versions and of older ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from rag.documents.notebook import LONGEST_OUTPUT, read
from rag.errors import DamagedFile
from rag.types import Document


def notebook_of(folder: Path, *cells: dict[str, Any], **parts: Any) -> Document:
    path = folder / "my work.ipynb"
    path.write_text(json.dumps({"metadata": {}, "cells": cells, **parts}), "utf-8")
    return read(path)


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": outputs}


def test_cells_are_headings_above_those_of_their_markdown(samples: dict[str, Path]) -> None:
    document = read(samples["ipynb"])
    assert document.text == (
        "Cell 1\n\nBees\n\nThey *fly*.\n\nFood\n\nNo.\n\n"
        "Cell 2\n\n```python\nprint(6 * 7)\n```\n\n```\n42\n```"
    )
    found = [(heading.title, heading.level) for heading in document.headings]
    assert found == [("Cell 1", 1), ("Bees", 2), ("Food", 3), ("Cell 2", 1)]
    assert document.title == "Bees"


@pytest.mark.parametrize(
    ("output", "text"),
    [
        (
            {"output_type": "execute_result", "data": {"text/plain": ["4", "2"], "image/png": "x"}},
            "42",
        ),
        ({"output_type": "display_data", "data": {"image/png": "iVBOR"}}, ""),
        ({"output_type": "error", "ename": "KeyError", "evalue": "'x'"}, "KeyError: 'x'"),
        ({"output_type": "stream", "text": "\x1b[31mred\x1b[0m"}, "red"),
    ],
    ids=["result", "picture", "error", "colors"],
)
def test_outputs_are_their_text(tmp_path: Path, output: dict[str, Any], text: str) -> None:
    written = notebook_of(tmp_path, code("1", output)).text.removeprefix(
        "Cell 1\n\n```python\n1\n```"
    )
    assert written == (f"\n\n```\n{text}\n```" if text else "")


def test_a_long_output_is_cut(tmp_path: Path) -> None:
    text = notebook_of(tmp_path, code("1", {"output_type": "stream", "text": "x" * 10**6})).text
    assert len(text) < LONGEST_OUTPUT + 100
    assert text.endswith("x\n…\n```")


def test_a_notebook_of_version_3_is_read(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "heading", "level": 1, "source": "Bees"},
        {"cell_type": "code", "input": "1", "outputs": [{"output_type": "pyout", "text": "1"}]},
    ]
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps({"metadata": {}, "worksheets": [{"cells": cells}]}), "utf-8")
    document = read(path)
    assert [heading.title for heading in document.headings] == ["Cell 1", "Bees", "Cell 2"]
    assert document.text.endswith("```python\n1\n```\n\n```\n1\n```")


@pytest.mark.parametrize("text", ["{", "[]", '{"cells": 5, "metadata": {}}', "[" * 100_000, "12"])
def test_what_is_no_notebook_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.ipynb").write_text(text)
    with pytest.raises(DamagedFile, match=r"“a.ipynb” is damaged or no Jupyter notebook"):
        read(tmp_path / "a.ipynb")
