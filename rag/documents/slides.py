"""Reads PowerPoint presentations (Office Open XML, ECMA-376 part 1, section 19).

Through python-pptx. Each slide is a heading with its number and title; below stand its texts and
tables, as they lie on the slide from back to front, and the speaker's notes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pptx

from rag.documents.draft import Draft, one_line
from rag.documents.packages import open_package
from rag.documents.tables import table_lines
from rag.types import Document, Kind


def read(path: Path, password: str = "") -> Document:
    """The slides in order, hidden ones too.

    Raises `PasswordNeeded`, `ReaderLimit` or `DamagedFile`.
    """
    draft = Draft()
    with open_package(path, "PowerPoint presentation", password) as package:
        presentation = pptx.Presentation(package.fp)
        titles = [presentation.core_properties.title or ""]
        for number, slide in enumerate(presentation.slides, start=1):
            title = _title(slide)
            draft.add_heading(f"Slide {number}: {title}" if title else f"Slide {number}", level=1)
            _add_slide(draft, slide)
            titles.append(title)
        return draft.document(Kind.PPTX, path, titles=titles)


def _title(slide: Any) -> str:
    shape = slide.shapes.title
    return one_line(shape.text_frame.text) if shape is not None else ""


def _add_slide(draft: Draft, slide: Any) -> None:
    title = slide.shapes.title
    for shape in _flat(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if shape.has_text_frame:
            _add_text(draft, shape.text_frame)
        elif getattr(shape, "has_table", False):
            table = shape.table
            rows = [[cell.text for cell in row.cells] for row in table.rows]
            draft.add_lines(table_lines(rows, has_header=table.first_row))
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = slide.notes_slide.notes_text_frame.text
        draft.add_paragraph(f"Notes: {notes}" if notes.strip() else "")


def _flat(shapes: Any) -> Iterator[Any]:
    """The shapes with those inside groups in their place."""
    waiting = list(shapes)[::-1]
    while waiting:
        shape = waiting.pop()
        if hasattr(shape, "shapes"):
            waiting += list(shape.shapes)[::-1]
        else:
            yield shape


def _add_text(draft: Draft, frame: Any) -> None:
    """A box's text: one paragraph, or a list where there are several."""
    paragraphs = [(part.level, one_line(part.text)) for part in frame.paragraphs]
    filled = [(level, text) for level, text in paragraphs if text]
    if len(filled) == 1:
        draft.add_paragraph(filled[0][1])
    else:
        draft.add_lines(f"{'  ' * level}- {text}" for level, text in filled)
