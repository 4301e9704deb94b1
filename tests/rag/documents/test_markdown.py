"""Markdown: the text is the file's own, and headings stand where the file has them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.chunking import chunk
from rag.documents.markdown import read
from rag.types import Document

NOTES = """\
---
author: Ada
title: "A guide to *bees*"
---
Before.

# Keeping `bees` well

Text.

```python
# no heading
```

Winter
------

> # quoted

### Feeding ###
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("markdown")


def document_of(folder: Path, text: str) -> Document:
    path = folder / "my notes.md"
    path.write_bytes(text.encode())
    return read(path)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_headings_are_those_of_the_text_and_not_of_code_or_quotes(
    folder: Path, line_end: str
) -> None:
    document = document_of(folder, NOTES.replace("\n", line_end))
    found = [(heading.title, heading.level) for heading in document.headings]
    assert found == [("Keeping bees well", 1), ("Winter", 2), ("Feeding", 3)]
    written = [heading.span.of(document.text) for heading in document.headings]
    assert written == ["# Keeping `bees` well", f"Winter{line_end}------", "### Feeding ###"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (NOTES, "A guide to *bees*"),
        ("## Second\n\n# First\n\n# Other", "First"),
        (f"A paragraph, and {'more of it, ' * 20}\n====", "my notes"),
        ("---\ntags: bees\n---\n# First", "First"),
        ("no heading at all", "my notes"),
        ("# Introduction\n\n# Bees", "my notes"),
        ("", "my notes"),
    ],
)
def test_the_title_is_the_one_stated_or_the_first_heading_or_the_name(
    folder: Path, text: str, title: str
) -> None:
    assert document_of(folder, text).title == title


@pytest.mark.parametrize(
    "written",
    [
        "tags: [bees, food/honey]\naliases: ['Apis mellifera']",
        "Tags: bees, food/honey\nalias: Apis mellifera",
        "tags:\n  - bees\n  - '#food/honey'\naliases:\n- Apis mellifera\nauthor: Ada",
    ],
)
def test_tags_and_aliases_are_keywords_of_the_note(folder: Path, written: str) -> None:
    document = document_of(folder, f"---\ncreated: 2024\n{written}\n---\n# Hives\n\nText.")
    assert document.keywords == ("bees", "food", "honey", "Apis mellifera")


def test_a_note_without_tags_has_no_keywords(folder: Path) -> None:
    assert document_of(folder, NOTES).keywords == ()
    assert document_of(folder, "---\ntags:\n---\ntags: none\n").keywords == ()


def test_front_matter_is_in_no_passage_and_all_else_is(folder: Path) -> None:
    document = document_of(folder, NOTES)
    passages = chunk(document, size=1000, count=len)
    assert passages[0].text == "Before."
    assert "Ada" not in "".join(passage.text for passage in passages)
    assert chunk(document_of(folder, "Before."), size=100, count=len)[0].text == "Before."


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("[[Bees]] in winter", "Bees in winter"),
        ("How [[Bees#Wings|they]] fly", "How they fly"),
        ("![[bee.png]] Bees", "Bees"),
        ("[[unclosed", "[[unclosed"),
    ],
)
def test_a_wiki_link_in_a_heading_reads_as_it_is_shown(
    folder: Path, written: str, title: str
) -> None:
    document = document_of(folder, f"# {written}\n\nSee [[Bees|them]].")
    assert document.headings[0].title == title
    assert document.text == f"# {written}\n\nSee [[Bees|them]]."


@given(text=st.text(alphabet="#-=`> ab\n\r\t\f\u2028*[]()!", max_size=80))
def test_the_text_is_the_files_own_and_headings_lie_in_order(folder: Path, text: str) -> None:
    document = document_of(folder, text)
    assert document.text == text
    ends = 0
    for heading in document.headings:
        assert ends <= heading.span.start < heading.span.end <= len(text)
        assert heading.span.of(text) == heading.span.of(text).strip()
        ends = heading.span.end
