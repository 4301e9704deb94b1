"""A text as readers write it: clean characters, paragraphs parted, headings where they stand."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.draft import Draft, clean
from rag.documents.titles import sane_title
from rag.types import Kind


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a\r\nb\rc\vd\u2028e", "a\nb\nc\nd\ne"),
        ("soft\u00adhyphen and \ufeffmark\0", "softhyphen and mark"),
        ("page\fend", "pageend"),
        ("\ud83d\ude0a and \ud83d alone", "😊 and \ufffd alone"),
    ],
)
def test_characters_that_no_one_sees_are_taken_out(written: str, read: str) -> None:
    assert clean(written) == read


def test_paragraphs_are_parted_by_a_blank_line() -> None:
    draft = Draft()
    draft.add_heading(" Bees\n and wasps ", level=2)
    draft.add_paragraph(" one \n\n\n two\n three ")
    draft.add_paragraph("  ")
    draft.add_lines(["- a", "", "  - b\n"])
    draft.add_code("\n  x\n", language="c")
    assert draft.text == "Bees and wasps\n\none\n\ntwo\nthree\n\n- a\n  - b\n\n```c\n  x\n```"


def test_a_heading_that_is_a_whole_paragraph_is_none() -> None:
    draft = Draft()
    draft.add_heading("word " * 100, level=1)
    document = draft.document(Kind.DOCX, Path("a b.docx"))
    assert document.headings == ()
    assert document.title == "a b"
    assert document.text.startswith("word word")


@given(st.lists(st.tuples(st.sampled_from(["heading", "paragraph", "code"]), st.text())))
def test_headings_are_the_text_at_their_spans(parts: list[tuple[str, str]]) -> None:
    draft = Draft()
    for what, text in parts:
        if what == "heading":
            draft.add_heading(text, level=1)
        else:
            getattr(draft, f"add_{what}")(text)
    document = draft.document(Kind.HTML, Path("a.html"))
    document.text.encode("utf-8")
    assert "\f" not in document.text
    for heading in document.headings:
        assert heading.span.of(document.text) == heading.title != ""


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("  Annual report\n of Hive & Co ", "Annual report of Hive & Co"),
        ("2023 Annual Report", ""),
        ("Introduction", ""),
        ("Annual budget 2020.doc", ""),
        ("The Report", ""),
        ("The Crazy Ones", "The Crazy Ones"),
        ("Microsoft Word - draft3.doc", ""),
        ("PowerPoint Presentation", ""),
        ("report_final.docx", ""),
        ("Untitled 1", ""),
        ("2024", ""),
    ],
)
def test_a_title_that_a_program_made_up_is_none(stated: str, title: str) -> None:
    assert sane_title(stated) == title
