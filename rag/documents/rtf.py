"""Reads Rich Text Format (RTF 1.9.1) through striprtf: paragraphs, headings, tables row by row.

striprtf gives the text alone. So that headings are known, their outline levels are written into the
RTF as characters of Unicode's private use before it is read, and taken out after.
"""

import re
from itertools import groupby
from pathlib import Path

from striprtf.striprtf import rtf_to_text

from rag.documents.draft import Draft
from rag.documents.faults import damaged, file_faults, library_faults
from rag.documents.tables import table_lines
from rag.types import Document, Kind

SIGNATURE = b"{\\rtf"
# `\outlinelevelN` is a property of the paragraph it stands in (page 89 of the specification).
OUTLINE_LEVEL = re.compile(r"\\outlinelevel([0-8])(?!\d) ?")
MARKS = "\uf8e0"  # the mark of level 0; the next eight characters are those of the other levels
MARK = re.compile("[\uf8e0-\uf8e8]")
CELL_END = "|"  # as striprtf writes it
TITLE = re.compile(r"\{\\title ([^{}\\]*)\}")


def read(path: Path) -> Document:
    """The text in order. Raises `DamagedFile`."""
    with file_faults(path):
        data = path.read_bytes()
    draft = Draft()
    if not data.strip():
        return draft.document(Kind.RTF, path)
    if not data.lstrip().startswith(SIGNATURE):
        raise damaged(path, "RTF document")
    rtf = data.decode("latin-1")  # RTF is ASCII, with bytes of old encodings where it is not
    with library_faults(path, "RTF document"):
        marked = OUTLINE_LEVEL.sub(_marked, rtf)
        text = rtf_to_text(marked, errors="replace")
    for is_table, lines in groupby(text.split("\n"), key=lambda line: line.endswith(CELL_END)):
        if is_table:
            rows = [MARK.sub("", line).split(CELL_END)[:-1] for line in lines]
            draft.add_lines(table_lines(rows))
        else:
            for line in lines:
                _add_paragraph(draft, line)
    title = TITLE.search(rtf)
    titles = [title[1] if title else "", draft.first_heading]
    return draft.document(Kind.RTF, path, titles=titles)


def _marked(outline_level: re.Match[str]) -> str:
    code = ord(MARKS) + int(outline_level[1])
    return f"{outline_level[0].rstrip()}\\uc0\\u{code} \\uc1 "


def _add_paragraph(draft: Draft, line: str) -> None:
    mark = MARK.search(line)
    text = MARK.sub("", line)
    if mark:
        draft.add_heading(text, level=1 + ord(mark[0]) - ord(MARKS))
    else:
        draft.add_paragraph(text)
