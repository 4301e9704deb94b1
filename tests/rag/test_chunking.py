"""Passages: the text at their spans, within their size, along the document's structure."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.chunking import chunk
from rag.types import Document, Heading, Kind, Page, PageRef, Passage, Span, Table


def words(text: str) -> int:
    """Tokens as a model counts them, with one to begin and one to end each text."""
    return len(text.split()) + 2


def document_of(text: str, *, pages: tuple[Page, ...] = ()) -> Document:
    """A document whose headings are the lines that begin with `#`."""
    headings, start = [], 0
    for line in text.splitlines(keepends=True):
        title = line.lstrip("#").strip()
        level = len(line) - len(line.lstrip("#"))
        if 0 < level <= 6 and title:
            headings.append(Heading(title, level, Span(start, start + len(line.rstrip()))))
        start += len(line)
    return Document(Kind.TEXT, "test", text, pages, tuple(headings))


def texts(text: str, *, size: int, count: Callable[[str], int] = len) -> list[str]:
    return [passage.text for passage in chunk(document_of(text), size=size, count=count)]


def test_sentences_are_packed_until_the_passage_is_full() -> None:
    assert texts("One is. Two is. Three is.", size=15) == ["One is. Two is.", "Three is."]


def test_a_paragraph_that_fits_is_not_split() -> None:
    assert texts("One is.\n\nTwo is. Three is.", size=20) == ["One is.", "Two is. Three is."]


def test_a_paragraph_that_does_not_fit_fills_the_passage_before_it() -> None:
    text = "One is.\n\nTwo is. Three is. Four is here."
    assert texts(text, size=17) == ["One is.\n\nTwo is.", "Three is.", "Four is here."]


def test_a_title_and_an_announcement_stay_with_what_follows() -> None:
    text = "Nothing more is to say of this.\n\nPrices\n\nHoney is dear. Wax is not.\n\nEnd."
    assert texts(text, size=40)[1].startswith("Prices\n\nHoney")


def test_no_passage_runs_across_a_heading() -> None:
    passages = chunk(document_of("Before.\n# A\nText.\n## B\nMore."), size=100, count=len)
    assert [passage.text for passage in passages] == ["Before.", "# A\nText.", "## B\nMore."]
    assert [passage.heading_path for passage in passages] == [(), ("A",), ("A", "B")]


def test_a_heading_path_goes_back_up() -> None:
    passages = chunk(document_of("# A\na\n### C\nc\n## B\nb\n# D\nd"), size=100, count=len)
    paths = [passage.heading_path for passage in passages]
    assert paths == [("A",), ("A", "C"), ("A", "B"), ("D",)]


def test_a_heading_with_nothing_but_sections_below_has_no_passage() -> None:
    assert texts("# A\n\n## B\n\nText.", size=100) == ["## B\n\nText."]


def test_a_heading_with_nothing_at_all_is_a_passage() -> None:
    assert texts("# A\n\n# B", size=100) == ["# A", "# B"]


def test_a_heading_never_stands_apart_from_the_text_that_follows() -> None:
    assert texts("# A heading\nText that fits alone.", size=22) == ["Text that fits alone."]


def test_a_sentence_that_is_too_long_is_cut_at_white_space() -> None:
    text = "one two three four five six seven"
    assert texts(text, size=10) == ["one two", "three four", "five six", "seven"]


def test_a_word_that_is_too_long_is_cut_too() -> None:
    assert texts("ab " + "x" * 10 + " cd", size=4) == ["ab", "xxxx", "xxxx", "xx", "cd"]


def test_the_pages_are_those_a_passage_touches() -> None:
    text = "One runs\n\fon. Two.\n\n\f\n\n\fThree."
    ends = [0, 10, 22, 25, len(text)]
    pages = tuple(
        Page(number, f"p{number}", Span(start, max(start, end - 2 * (end < len(text)))), ())
        for number, (start, end) in enumerate(pairwise(ends), start=1)
    )
    passages = chunk(document_of(text, pages=pages), size=15, count=len)
    touched = [passage.pages for passage in passages]
    assert touched[0] == (PageRef(1, "p1"), PageRef(2, "p2"))
    assert touched[-1] == (PageRef(4, "p4"),)


def test_counting_is_no_more_than_a_few_times_the_text() -> None:
    counted = 0

    def count(text: str) -> int:
        nonlocal counted
        counted += len(text)
        return words(text)

    text = ("This is a sentence of nine words for you. " * 7 + "\n\n") * 200 + "x" * 50_000
    chunk(document_of(text), size=100, count=count)
    assert counted < 6 * len(text)


# --- margins, tables and folding ----------------------------------------------------------------


def span_of(part: str, text: str) -> Span:
    return Span(text.index(part), text.index(part) + len(part))


def test_no_passage_has_what_stands_in_the_margins_of_a_page() -> None:
    text = "Keeping bees\n\nBees fly and\n\n17\n\n\fBees once more\n\nthey sleep. The end."
    margins = tuple(span_of(part, text) for part in ("Keeping bees", "17", "Bees once more"))
    document = replace(document_of(text), marginalia=margins)
    passages = chunk(document, size=100, count=len)
    assert [passage.text for passage in passages] == ["Bees fly and", "they sleep. The end."]


def test_a_heading_that_only_a_margin_parts_from_its_text_is_in_the_path() -> None:
    text = "# Bees\n\n17\n\n\fThey fly."
    document = replace(document_of(text), marginalia=(span_of("17", text),))
    (passage,) = chunk(document, size=100, count=len)
    assert (passage.text, passage.heading_path) == ("They fly.", ("Bees",))


def table_of(text: str, *, header: str) -> Document:
    table = Table(span_of(text[text.index(header) :], text), span_of(header, text))
    return replace(document_of(text), tables=(table,))


ROWS = "Codes:\n\nCode\tMeaning\nE1\tNo signal\nE2\tNo power\nE3\tNo wind"


def test_a_passage_inside_a_table_is_searched_with_the_header_above_it() -> None:
    passages = chunk(table_of(ROWS, header="Code\tMeaning"), size=35, count=len)
    assert [passage.text for passage in passages] == [
        "Codes:\n\nCode\tMeaning\nE1\tNo signal",
        "E2\tNo power\nE3\tNo wind",
    ]
    assert [passage.folded for passage in passages] == [
        "",
        "Code Meaning E2 No power E3 No wind",
    ]


def test_a_row_is_never_cut_while_it_fits() -> None:
    passages = chunk(table_of(ROWS, header="Code\tMeaning"), size=13, count=len)
    texts = [passage.text for passage in passages]
    assert texts == ["Codes:", "Code\tMeaning", "E1\tNo signal", "E2\tNo power", "E3\tNo wind"]


def test_a_passage_is_searched_with_its_words_whole() -> None:
    text = "The bees polli-\nnate long-term in the \ufb01elds. Nothing is short-term."
    (passage,) = chunk(document_of(text), size=200, count=len)
    assert passage.text == text
    assert passage.folded == ("The bees pollinate long-term in the fields. Nothing is short-term.")


def test_what_folding_leaves_as_it_is_is_not_kept_twice() -> None:
    (passage,) = chunk(document_of("Bees fly\nfar."), size=200, count=len)
    assert passage.folded == ""


def test_the_words_of_the_whole_document_tell_how_a_parted_word_is_written() -> None:
    text = "# A\nOur long-\nterm plan.\n# B\nA long-term plan."
    first, _ = chunk(document_of(text), size=40, count=len)
    assert first.folded == "# A Our long-term plan."


PIECES = st.sampled_from(
    ["Bees fly. ", "A longer sentence about bees and honey, it goes on", "\n", "\n\n", "\r\n\r\n",
     "\n\f", "# ", "## Two\n", "### Three\n", "- item ", "Title", "word " * 30, "x" * 70, "3 4 5\n",
     "E4\tWind\tTurn\n", "polli-\nnate ",
     "😀", " "]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=25).map("".join)


def chunked(text: str, size: int, count: Callable[[str], int]) -> tuple[Passage, ...]:
    return chunk(document_of(text), size=size, count=count)


@pytest.mark.parametrize("count", [len, words])
@given(text=TEXTS, size=st.integers(8, 120))
def test_a_passage_is_the_text_at_its_span_and_fits(
    count: Callable[[str], int], text: str, size: int
) -> None:
    for passage in chunked(text, size, count):
        assert passage.text == text[passage.span.start : passage.span.end]
        assert passage.text.strip() == passage.text != ""
        assert count(passage.text) <= size


@pytest.mark.parametrize("count", [len, words])
@given(text=TEXTS, size=st.integers(8, 120))
def test_passages_follow_each_other_and_leave_out_headings_alone(
    count: Callable[[str], int], text: str, size: int
) -> None:
    passages = chunked(text, size, count)
    assert all(one.span.end <= next_.span.start for one, next_ in pairwise(passages))
    left_out = list(text)
    for span in [heading.span for heading in document_of(text).headings] + [
        passage.span for passage in passages
    ]:
        left_out[span.start : span.end] = " " * len(span)
    assert not "".join(left_out).strip()


@given(text=TEXTS, size=st.integers(8, 120))
def test_every_heading_is_in_a_passage_or_in_the_path_of_one(text: str, size: int) -> None:
    document = document_of(text)
    paths = [passage.heading_path for passage in chunk(document, size=size, count=len)]
    for heading in document.headings:
        assert any(heading.title in path for path in paths)
