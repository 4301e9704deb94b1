"""Pages made ready to be laid out: head first, foot last, and drawings left alone."""

import time

from rag.documents.pdf_lines import Line
from rag.documents.pdf_pages import MOST_LINES, PageLines, arrange
from rag.types import Run


def line(text: str, y: float, x: float = 50) -> Line:
    return Line(text, (Run(0, 0, len(text)),), x, y, 10, True, x + 5 * len(text))


def arranged(*lines: Line) -> PageLines:
    (page,) = arrange([lines], ["7"], [("A note",)])
    return page


def test_a_foot_that_was_drawn_first_is_read_last() -> None:
    page = arranged(line("7", 40), line("Bees fly", 700), line("far", 688))
    assert [each.text for each in page.lines] == ["Bees fly", "far", "7"]
    assert (page.head_count, page.foot_count, page.notes) == (0, 1, ("A note",))


def test_the_tables_are_known_by_the_numbers_of_their_lines_behind_the_head() -> None:
    rows = [
        line(text, y, x) for y in (500, 480, 460) for x, text in ((50, "a"), (99, "b"), (150, "c"))
    ]
    page = arranged(line("7", 800), *rows)
    (table,) = page.tables
    assert [each.text for each in page.lines[table.first : table.after_last]] == ["a\tb\tc"] * 3
    assert page.in_tables() == {1, 2, 3}


def test_a_page_with_a_hundred_thousand_labels_is_left_alone_and_takes_no_time() -> None:
    lines = tuple(line("x", at % 997, at % 499) for at in range(100_000))
    assert len(lines) > MOST_LINES
    started = time.process_time()
    page = arranged(*lines)
    assert time.process_time() - started < 5
    assert len(page.lines) == len(lines)
    assert page.tables == ()
