"""Lines with their places into a text with paragraphs, pages and headings."""

import pytest

from rag.documents.pdf_headings import HeadingLines, find_headings, largest_line
from rag.documents.pdf_layout import lay_out
from rag.documents.pdf_lines import Line
from rag.documents.pdf_structure import OutlineEntry
from rag.types import Run, Span


def line(text: str, y: float, *, x: float = 40, size: float = 10) -> Line:
    return Line(text, (Run(0, 0, len(text)),), x, y, size, is_even=True)


def text_of(*pages: list[Line], headings: tuple[HeadingLines, ...] = ()) -> str:
    return lay_out(pages, headings, ["1"] * len(pages)).text


BODY = [
    line(f"This is line {number} of the running text.", 600 - 12 * number) for number in range(30)
]


@pytest.mark.parametrize(
    ("second", "separator"),
    [
        (line("near", 88), "\n"),
        (line("far", 80), "\n\n"),
        (line("raised", 104), "\n"),
        (line("next column", 700, x=300), "\n"),
        (line("after a foot that was drawn first", 700), "\n\n"),
    ],
    ids=lambda value: value.text if isinstance(value, Line) else "",
)
def test_a_wide_gap_ends_a_paragraph(second: Line, separator: str) -> None:
    above = [line("one", 124), line("two", 112), line("three", 100)]
    assert text_of([*above, second]) == f"one\ntwo\nthree{separator}{second.text}"


@pytest.mark.parametrize(
    ("last", "first", "separator"),
    [
        (line("it runs", 88), "on here", "\n\f"),
        (line("it ends.", 88), "on here", "\n\n\f"),
        (line("it runs", 88), "Title above", "\n\n\f"),
        (line("17", 40), "on here", "\n\n\f"),  # a page number at the foot
    ],
)
def test_a_page_break_ends_a_sentence_unless_it_runs_on(
    last: Line, first: str, separator: str
) -> None:
    text = text_of([line("one", 112), line("two", 100), last], [line(first, 600)])
    assert text == f"one\ntwo{'' if last.y == 88 else chr(10)}\n{last.text}{separator}{first}"


def test_pages_without_a_line_make_an_empty_text() -> None:
    laid_out = lay_out([[], []], (), ["i", "ii"])
    assert laid_out.text == ""
    assert [(page.label, page.span) for page in laid_out.pages] == [
        ("i", Span(0, 0)),
        ("ii", Span(0, 0)),
    ]


def test_an_empty_page_between_others_keeps_its_place() -> None:
    laid_out = lay_out([[line("one", 100)], [], [line("three", 100)]], (), ["1", "2", "3"])
    assert laid_out.text == "one\n\n\f\n\n\fthree"
    assert [page.span.of(laid_out.text) for page in laid_out.pages] == ["one", "", "three"]


def test_the_outline_finds_its_headings_in_spite_of_numbers_breaks_and_running_titles() -> None:
    page = [line("KEEPING BEES", 700, size=8), line("2.1 Keeping", 680, size=14)]
    page += [line("bees", 664, size=14), *BODY]
    (heading,) = find_headings([[], page], [OutlineEntry("Keeping bees", 2, page_index=1)])
    assert (heading.page_index, heading.first, heading.after_last) == (1, 1, 3)
    assert heading.level == 2


def test_headings_of_one_title_are_told_apart_by_their_order() -> None:
    page = [line("1 Foo", 700), *BODY[:3], line("2 Bar", 500), line("3 Foo", 400), *BODY[3:]]
    outline = [OutlineEntry(title, 1, page_index=0) for title in ("Foo", "Bar", "Foo")]
    assert [heading.first for heading in find_headings([page], outline)] == [0, 4, 5]


def test_an_outline_that_names_nothing_on_its_pages_gives_way_to_the_type() -> None:
    page = [line("Honey", 700, size=16), *BODY]
    (heading,) = find_headings([page], [OutlineEntry("chapter.1", 1, 0), OutlineEntry("x", 1, 9)])
    assert heading.title == "Honey"


@pytest.mark.parametrize(
    "text", ["and so on", "It is a whole sentence.", "1,234 56 %", "(c) the last or", "x" * 130]
)
def test_larger_type_alone_makes_no_heading(text: str) -> None:
    assert find_headings([[line(text, 700, size=16), *BODY]], ()) == ()


def test_levels_follow_the_size_of_the_type() -> None:
    page = [line("Book", 750, size=24), line("Part", 700, size=14), *BODY]
    page += [line("Other part", 100, size=14)]
    found = [(heading.title, heading.level) for heading in find_headings([page], ())]
    assert found == [("Book", 1), ("Part", 2), ("Other part", 2)]


def test_the_largest_line_of_the_first_page_is_a_title_if_it_is_clearly_larger() -> None:
    assert largest_line([[line("Sub", 720, size=14), line("Book", 750, size=24), *BODY]]) == "Book"
    assert largest_line([[line("Contents", 750, size=24), *BODY]]) == ""
    assert largest_line([BODY]) == ""
    assert largest_line([]) == ""
