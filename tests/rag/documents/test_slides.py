"""PowerPoint: a heading a slide, texts, tables and notes."""

from pathlib import Path
from typing import Any

import pptx
from pptx.util import Inches

from rag.documents.slides import read
from rag.types import Document

BLANK = 6  # the layout without any box


def saved(presentation: Any, folder: Path) -> Document:
    presentation.save(str(folder / "my talk.pptx"))
    return read(folder / "my talk.pptx")


def test_a_slide_is_a_heading_with_its_number_and_title(samples: dict[str, Path]) -> None:
    document = read(samples["pptx"])
    assert document.text == (
        "Slide 1: Bees\n\n- They fly far.\n  - Very far.\n\nNotes: Say hello first.\n\n"
        "Slide 2\n\n| Name: Ada · Born: 1815 |\n| Name: Grace · Born: 1906 |"
    )
    assert [heading.title for heading in document.headings] == ["Slide 1: Bees", "Slide 2"]
    assert document.title == "Bees"


def test_boxes_in_groups_are_read_in_their_place(tmp_path: Path) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[BLANK])
    size = [Inches(1)] * 4
    slide.shapes.add_textbox(*size).text_frame.text = "before"
    inner = slide.shapes.add_group_shape().shapes.add_group_shape()
    inner.shapes.add_textbox(*size).text_frame.text = "inside"
    slide.shapes.add_textbox(*size).text_frame.text = "after\vall"
    assert saved(presentation, tmp_path).text == "Slide 1\n\nbefore\n\ninside\n\nafter all"


def test_a_talk_without_slides_has_no_text(tmp_path: Path) -> None:
    document = saved(pptx.Presentation(), tmp_path)
    assert document.text == ""
    assert document.title == "my talk"
