"""Lines with their places into rows of tables: real ones, then what makes one and what not."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.chunking import chunk
from rag.documents.pdf import read
from rag.documents.pdf_lines import Gap, Line
from rag.documents.pdf_tables import tabulate
from rag.marks import marks_of
from rag.sentences import split_sentences
from rag.types import Run

ROOT = Path(__file__).parents[3]
MANUAL = ROOT / "assets" / "samples" / "weather-station-manual.pdf"
REPORTS = ROOT.parent / "shared" / "data" / "reports"  # beside the checkout


def test_an_error_code_of_the_manual_is_a_sentence_with_one_mark() -> None:
    document = read(MANUAL)
    start = document.text.index("E4\t")
    (row,) = [span for span in split_sentences(document.text) if span.start == start]
    assert row.of(document.text) == (
        "E4\tWind cups do not turn\t"
        "Remove ice, cobwebs or a twig; they must spin freely when blown at"
    )
    assert [mark.page for mark in marks_of(row, document.pages)] == [8]


def test_a_row_of_the_manual_is_never_cut_and_is_searched_with_its_header() -> None:
    document = read(MANUAL)
    rows = [span for span in split_sentences(document.text) if "\t" in span.of(document.text)]
    passages = chunk(document, size=30, count=lambda text: len(text.split()))
    for row in rows:
        assert any(p.span.start <= row.start and row.end <= p.span.end for p in passages)
    (with_e4,) = [passage for passage in passages if "\nE4\t" in f"\n{passage.text}"]
    assert "What to do" not in with_e4.text
    assert with_e4.folded.startswith("Code Meaning What to do E")


def test_two_tables_below_each_other_have_a_header_each() -> None:
    document = read(MANUAL)
    headers = [table.header.of(document.text) for table in document.tables]
    assert headers[-2:] == ["What\tRange\tAccuracy", "What\tValue"]


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the reports are not beside the checkout")
def test_a_table_of_a_report_has_its_rows_and_a_header_of_two_lines() -> None:
    document = read(REPORTS / "APPLE_2018_10K.pdf")
    page = document.pages[40].span
    assert "Net sales\t$\t265,595\t$\t229,234\t$\t215,639" in page.of(document.text).split("\n")
    (header,) = {
        table.header for table in document.tables if page.start <= table.span.start < page.end
    }
    assert header.of(document.text).endswith("2018\t2017\t2016")


# --- what makes a table -------------------------------------------------------------------------


def level(y: float, *cells: tuple[float, str], is_bold: bool = False) -> Line:
    """Cells side by side as PDFium has them: in one line, with blanks between."""
    text, gaps, right = cells[0][1], [], cells[0][0] + 5 * len(cells[0][1])
    for x, cell in cells[1:]:
        gaps.append(Gap(len(text), len(text) + 1, right, x))
        text, right = f"{text} {cell}", x + 5 * len(cell)
    run = Run(0, 0, len(text))
    return Line(text, (run,), cells[0][0], y, 10, True, right, is_bold, tuple(gaps))


def rows_of(*lines: Line) -> list[str]:
    """The rows of the only table."""
    found = tabulate([lines])
    (table,) = found.tables
    return [line.text for line in found.lines[table.first : table.after_last]]


def header_count(*lines: Line) -> int:
    return tabulate([lines]).tables[0].header_count


def is_untouched(*lines: Line) -> bool:
    return tabulate([lines]).lines == lines


ROWS = [level(500 - 20 * at, (50, f"E{at}"), (100, "Meaning"), (200, "Deed")) for at in range(3)]


def test_three_levels_in_columns_are_rows() -> None:
    assert rows_of(*ROWS) == [f"E{at}\tMeaning\tDeed" for at in range(3)]


def test_a_cell_that_runs_on_is_part_of_its_row() -> None:
    assert rows_of(*ROWS, level(448, (200, "more of it")))[-1] == "E2\tMeaning\tDeed more of it"


def test_cells_that_run_on_side_by_side_are_part_of_their_row() -> None:
    last = level(448, (100, "goes on"), (200, "and on"))
    assert rows_of(*ROWS, last)[-1] == "E2\tMeaning goes on\tDeed and on"


def test_cells_drawn_one_after_the_other_are_side_by_side() -> None:
    lines = [
        Line(text, (Run(0, 0, len(text)),), x, y, 10, True, x + 5 * len(text))
        for y in (500, 480, 460)
        for x, text in ((50, "E1"), (100, "Meaning"), (100, "too"))
        for y in [y - 12 * (text == "too")]
    ]
    assert rows_of(*lines) == ["E1\tMeaning too"] * 3


def test_figures_below_figures_are_a_row_of_their_own() -> None:
    rows = [level(500 - 12 * at, (50, f"Sales {at}"), (150, "5"), (200, "6")) for at in range(3)]
    assert rows_of(*rows, level(464, (150, "15"), (200, "18")))[-1] == "15\t18"


def test_a_name_that_runs_on_in_small_letters_is_one_cell() -> None:
    first, second = level(524, (50, "All"), (150, "2"), (200, "1")), level(512, (50, "Sales and"))
    names = ("other gains", "More", "Most")
    rows = [
        level(500 - 12 * at, (50, name), (150, "5"), (200, "6")) for at, name in enumerate(names)
    ]
    assert rows_of(first, second, *rows)[1] == "Sales and other gains\t5\t6"


@pytest.mark.parametrize(
    ("header", "count"),
    [
        (level(520, (50, "Code"), (100, "Meaning"), (200, "Deed"), is_bold=True), 1),
        (level(520, (100, "2023"), (200, "2022")), 1),  # nothing above the names
        (level(520, (50, "E9"), (100, "Meaning"), (200, "Deed")), 0),
    ],
)
def test_a_header_is_bold_or_has_nothing_above_the_names(header: Line, count: int) -> None:
    assert header_count(header, *ROWS) == count


def test_a_header_may_be_the_only_row_without_figures() -> None:
    rows = [level(500 - 20 * at, (50, f"Year {at}"), (150, "5"), (200, "6")) for at in range(3)]
    assert header_count(level(520, (50, "Year"), (150, "A"), (200, "B")), *rows) == 1


def test_the_tallest_name_of_a_column_begins_above_the_others() -> None:
    tall = level(532, (205, "Best"), is_bold=True)
    header = level(520, (50, "Code"), (100, "Meaning"), (200, "Deeds"), is_bold=True)
    text = level(560, (50, "x" * 50), is_bold=True)
    found = tabulate([(text, tall, header, *ROWS)])
    assert [line.text for line in found.lines[:3]] == [text.text, "Best", "Code\tMeaning\tDeeds"]
    assert (found.tables[0].first, found.tables[0].header_count) == (1, 2)


def test_two_levels_without_a_header_are_no_table() -> None:
    assert is_untouched(*ROWS[:2])


def test_a_numbered_list_is_no_table() -> None:
    marks = ("1.", "2.", "(a)", "•")
    lines = [level(500 - 20 * at, (50, mark), (70, "Text")) for at, mark in enumerate(marks)]
    assert is_untouched(*lines)


def test_wide_blanks_that_are_not_below_each_other_make_no_table() -> None:
    lines = [
        level(500 - 12 * at, (50, "x" * (10 + 7 * at)), (115 + 35 * at, "x" * 40))
        for at in range(4)
    ]
    assert is_untouched(*lines)


def test_text_above_and_below_stays_as_it_is() -> None:
    above, below = level(560, (50, "x" * 80)), level(430, (50, "y" * 80))
    lines: Sequence[Line] = tabulate([(above, *ROWS, below)]).lines
    assert (lines[0], lines[-1]) == (above, below)


def test_a_row_keeps_the_numbers_of_its_characters() -> None:
    line = tabulate([tuple(ROWS)]).lines[0]
    assert line.text == "E0\tMeaning\tDeed"
    assert line.runs == (Run(0, 0, 2), Run(3, 3, 7), Run(11, 11, 4))
