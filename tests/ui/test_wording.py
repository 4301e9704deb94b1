"""The small sentences that several parts of the window say."""

from __future__ import annotations

import pytest

from rag.types import Box, BoxMark, Mark, PageRef
from ui.wording import counted, page_in_words, pages_in_words, scan_in_words, shortened


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (PageRef(6, "iv"), "p. iv · page 6 of the file"),
        (PageRef(219, "217"), "p. 217 · page 219 of the file"),
        (PageRef(6, "6"), "page 6"),
    ],
)
def test_a_page_has_both_numbers_where_they_differ(page: PageRef, words: str) -> None:
    assert page_in_words(page) == words


def test_pages_are_named_from_the_first_to_the_last() -> None:
    assert pages_in_words((PageRef(2, "2"), PageRef(3, "3"))) == "pages 2 to 3"
    both = (PageRef(5, "iii"), PageRef(6, "iv"))
    assert pages_in_words(both) == "pp. iii to iv · pages 5 to 6 of the file"
    assert pages_in_words(()) == ""


def test_a_count_agrees_with_its_noun() -> None:
    assert counted(1, "file") == "1 file"
    assert counted(1200, "file") == "1,200 files"


def test_long_text_is_cut_at_a_word() -> None:
    assert shortened("one two  three\nfour", 9) == "one two …"
    assert shortened("one\ntwo", 9) == "one two"


def test_the_least_certain_word_of_a_scan_is_what_counts() -> None:
    box = Box(0, 0, 9, 9)
    scanned = (BoxMark(1, box, 0.99), Mark(1, 0, 5), BoxMark(2, box, 0.812))
    assert scan_in_words(scanned) == "From a scan, read with 81% certainty: check the words."
    assert scan_in_words((Mark(1, 0, 5),)) == ""
