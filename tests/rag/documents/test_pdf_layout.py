"""Lines with their places into a text with paragraphs, pages and headings."""

import pytest

from rag.documents.pdf_headings import HeadingLines, find_headings
from rag.documents.pdf_layout import lay_out
from rag.documents.pdf_lines import Line
from rag.documents.pdf_pages import PageLines
from rag.documents.pdf_structure import OutlineEntry
from rag.documents.pdf_tables import TableLines
from rag.documents.pdf_typography import title_on_page
from rag.types import Run, Span


def line(text: str, y: float, *, x: float = 40, size: float = 10, is_bold: bool = False) -> Line:
    return Line(text, (Run(0, 0, len(text)),), x, y, size, is_even=True, is_bold=is_bold)


def pages_of(*pages: list[Line]) -> list[PageLines]:
    return [PageLines(tuple(lines)) for lines in pages]


def text_of(*pages: list[Line], headings: tuple[HeadingLines, ...] = ()) -> str:
    return lay_out(pages_of(*pages), headings, ["1"] * len(pages)).text


def headings_of(*pages: list[Line], outline: tuple[OutlineEntry, ...] = ()) -> list[str]:
    return [heading.title for heading in find_headings(pages_of(*pages), outline)]


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
    laid_out = lay_out(pages_of([], []), (), ["i", "ii"])
    assert laid_out.text == ""
    assert [(page.label, page.span) for page in laid_out.pages] == [
        ("i", Span(0, 0)),
        ("ii", Span(0, 0)),
    ]


def test_an_empty_page_between_others_keeps_its_place() -> None:
    pages = pages_of([line("one", 100)], [], [line("three", 100)])
    laid_out = lay_out(pages, (), ["1", "2", "3"])
    assert laid_out.text == "one\n\n\f\n\n\fthree"
    assert [page.span.of(laid_out.text) for page in laid_out.pages] == ["one", "", "three"]


def test_the_outline_finds_its_headings_in_spite_of_numbers_breaks_and_running_titles() -> None:
    page = [line("KEEPING BEES", 700, size=8), line("2.1 Keeping", 680, size=14)]
    page += [line("bees", 664, size=14), *BODY]
    (heading,) = find_headings(pages_of([], page), [OutlineEntry("Keeping bees", 2, page_index=1)])
    assert (heading.page_index, heading.first, heading.after_last) == (1, 1, 3)
    assert heading.level == 2


def test_headings_of_one_title_are_told_apart_by_their_order() -> None:
    page = [line("1 Foo", 700), *BODY[:3], line("2 Bar", 500), line("3 Foo", 400), *BODY[3:]]
    outline = [OutlineEntry(title, 1, page_index=0) for title in ("Foo", "Bar", "Foo")]
    assert [heading.first for heading in find_headings(pages_of(page), outline)] == [0, 4, 5]


def test_an_outline_that_names_nothing_on_its_pages_gives_way_to_the_type() -> None:
    page = [line("Honey", 700, size=16), *BODY]
    (heading,) = find_headings(
        pages_of(page), [OutlineEntry("chapter.1", 1, 0), OutlineEntry("x", 1, 9)]
    )
    assert heading.title == "Honey"


@pytest.mark.parametrize(
    "text",
    ["and so on", "It is a whole sentence.", "1,234 56 %", "(c) the last or", "蜂箱。", "x" * 130],
)
def test_larger_type_alone_makes_no_heading(text: str) -> None:
    assert headings_of([line(text, 700, size=16), *BODY]) == []


@pytest.mark.parametrize("text", ["摘要", "第二章 蜂箱", "תוכן העניינים", "الفصل الأول"])
def test_scripts_without_capitals_have_headings_too(text: str) -> None:
    assert headings_of([line(text, 700, size=16), *BODY]) == [text]


def test_levels_follow_the_size_of_the_type() -> None:
    page = [line("Book", 750, size=24), line("Part", 700, size=14), *BODY]
    page += [line("Other part", 100, size=14)]
    found = [(heading.title, heading.level) for heading in find_headings(pages_of(page), ())]
    assert found == [("Book", 1), ("Part", 2), ("Other part", 2)]


def test_the_largest_line_of_the_first_page_is_a_title_if_it_is_clearly_larger() -> None:
    assert title_of(line("Sub", 720, size=14), line("Book", 750, size=24), *BODY) == "Book"
    assert title_of(line("Contents", 750, size=24), *BODY) == ""
    assert title_of(*BODY) == ""
    assert title_on_page([]) == ""


def test_what_forms_are_headed_with_by_law_is_no_title() -> None:
    head = line("UNITED STATES SECURITIES AND EXCHANGE COMMISSION", 750, size=18)
    assert title_of(head, line("Honey Inc.", 700, size=16), *BODY) == ""


def title_of(*lines: Line) -> str:
    return title_on_page(pages_of(list(lines)))


# --- bold headings ------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["2.1 Keeping bees", "Item 7A. Market Risk", "PART II"])
def test_a_bold_line_with_a_number_is_a_heading(title: str) -> None:
    assert headings_of([*BODY[:9], line(title, 492, is_bold=True), *BODY[10:]]) == [title]


def test_a_bold_line_set_off_before_text_is_a_heading() -> None:
    page = [*BODY[:9], line("Competition", 480, is_bold=True), *BODY[12:]]
    assert headings_of(page) == ["Competition"]


@pytest.mark.parametrize(
    "text", ["Table 3 Bees by year", "Figure 2.1 The hive", "1 Bees . . . . . . 3", "Pay at once."]
)
def test_captions_lines_of_contents_and_sentences_are_no_headings(text: str) -> None:
    assert headings_of([*BODY[:9], line(text, 480, is_bold=True), *BODY[12:]]) == []


def test_a_bold_line_amid_the_lines_of_a_paragraph_is_no_heading() -> None:
    assert headings_of([*BODY[:9], line("Never open it", 492, is_bold=True), *BODY[10:]]) == []


def test_where_all_is_bold_nothing_is_a_heading() -> None:
    bold = [line(each.text, each.y, is_bold=True) for each in BODY]
    assert headings_of([*bold[:9], line("1 Bees", 480, is_bold=True), *bold[12:]]) == []


def test_bold_headings_are_ordered_by_their_numbers() -> None:
    titles = ["PART I", "Item 1. Business", "Competition", "Item 2. Properties"]
    page = [line(title, 900 - 40 * at, is_bold=True) for at, title in enumerate(titles)]
    page = [each for head in page for each in (head, line("Text of some length.", head.y - 20))]
    found = find_headings(pages_of([*page, *BODY]), ())
    assert [(heading.title, heading.level) for heading in found] == [
        ("PART I", 1),
        ("Item 1. Business", 2),
        ("Competition", 3),
        ("Item 2. Properties", 2),
    ]


def test_what_is_set_as_a_heading_stands_below_what_a_short_outline_names() -> None:
    page = [line("Bees", 800, size=16), *BODY[:9], line("Food", 480, is_bold=True), *BODY[12:]]
    outline = [OutlineEntry("Bees", 1, page_index=0)]
    found = find_headings(pages_of(page, BODY, BODY), outline)
    assert [(heading.title, heading.level) for heading in found] == [("Bees", 1), ("Food", 2)]


def test_type_that_only_a_cover_uses_makes_no_headings() -> None:
    cover = [line("Honey Inc.", 750, size=24), *BODY]
    page = [line("Sales", 750, size=14), *BODY]
    assert headings_of(cover, *[page] * 5) == ["Sales"] * 5


def test_rows_heads_and_feet_are_no_headings() -> None:
    lines = (line("Running title", 800, size=14), *BODY, line("1 Total\t20", 100, size=14))
    table = TableLines(first=31, after_last=32, column_count=2, header_count=0)
    assert find_headings([PageLines(lines, (table,), head_count=1)], ()) == ()


# --- tables, margins and notes in the text ------------------------------------------------------

ROWS = (line("Code\tMeaning", 300), line("E1\tNo signal", 280), line("E2\tNo power", 240))


def test_the_rows_of_a_table_are_a_paragraph_and_its_header_is_known() -> None:
    page = PageLines((line("Above", 312), *ROWS, line("Below", 228)), (TableLines(1, 4, 2, 1),))
    laid_out = lay_out([page], (), ["1"])
    assert laid_out.text == "Above\n\nCode\tMeaning\nE1\tNo signal\nE2\tNo power\n\nBelow"
    (table,) = laid_out.tables
    assert table.span.of(laid_out.text).startswith("Code\t")
    assert table.span.of(laid_out.text).endswith("power")
    assert table.header.of(laid_out.text) == "Code\tMeaning"


@pytest.mark.parametrize(("column_count", "header"), [(2, "Code\tMeaning"), (3, "")])
def test_a_table_that_goes_on_over_the_page_keeps_its_header(
    column_count: int, header: str
) -> None:
    first = PageLines(ROWS, (TableLines(0, 3, 2, 1),))
    second = PageLines(ROWS[1:], (TableLines(0, 2, column_count, 0),))
    laid_out = lay_out([first, second], (), ["1", "2"])
    assert laid_out.tables[1].header.of(laid_out.text) == header


def test_heads_and_feet_stand_apart_and_are_known() -> None:
    lines = (line("Keeping bees", 800), *BODY[:2], line("17", 40))
    laid_out = lay_out([PageLines(lines, head_count=1, foot_count=1)], (), ["17"])
    assert laid_out.text == f"Keeping bees\n\n{BODY[0].text}\n{BODY[1].text}\n\n17"
    assert [span.of(laid_out.text) for span in laid_out.marginalia] == ["Keeping bees", "17"]


def test_notes_end_their_page_and_are_nowhere_on_it() -> None:
    first = PageLines((line("Name", 700),), notes=("Name: Ada", "Ask her!"))
    laid_out = lay_out([first, PageLines((), notes=("Only this",))], (), ["1", "2"])
    assert laid_out.text == "Name\n\nName: Ada\n\nAsk her!\n\n\fOnly this"
    assert [page.span.of(laid_out.text)[-9:] for page in laid_out.pages] == [
        "\nAsk her!",
        "Only this",
    ]
    assert [run for page in laid_out.pages for run in page.runs] == [Run(0, 0, 4)]
