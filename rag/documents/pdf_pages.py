"""A PDF's pages made ready to be laid out: margins parted off, columns in order, tables in rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.documents.pdf_columns import blocks_of
from rag.documents.pdf_lines import Line
from rag.documents.pdf_margins import part_margins
from rag.documents.pdf_tables import TableLines, Tabulated, tabulate

MOST_LINES = 3000  # on a page; where there are more, they are labels of a drawing


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of a page as they are read: first its head, last its foot."""

    lines: tuple[Line, ...]
    tables: tuple[TableLines, ...] = ()
    head_count: int = 0  # so many of the lines belong to every page: a running head
    foot_count: int = 0  # and so many at the end
    notes: tuple[str, ...] = ()  # what was filled in or noted on the page: drawn, but no text of it

    @property
    def body(self) -> range:
        """The numbers of the lines that are the page's own."""
        return range(self.head_count, len(self.lines) - self.foot_count)

    def in_tables(self) -> frozenset[int]:
        """The numbers of the lines that are rows of tables."""
        return frozenset(at for table in self.tables for at in range(table.first, table.after_last))


def arrange(
    lines_by_page: Sequence[tuple[Line, ...]],
    page_labels: Sequence[str],
    notes_by_page: Sequence[tuple[str, ...]],
) -> tuple[PageLines, ...]:
    """All pages' lines in the order in which they are read."""
    return tuple(_arranged(lines_by_page, page_labels, notes_by_page))


def _arranged(
    lines_by_page: Sequence[tuple[Line, ...]],
    page_labels: Sequence[str],
    notes_by_page: Sequence[tuple[str, ...]],
) -> Iterator[PageLines]:
    margins = part_margins(lines_by_page, page_labels)
    for page, notes in zip(margins, notes_by_page, strict=True):
        is_drawing = len(page.body) > MOST_LINES
        body = Tabulated(page.body, ()) if is_drawing else tabulate(list(blocks_of(page.body)))
        yield PageLines(
            lines=(*page.head, *body.lines, *page.foot),
            tables=tuple(table.moved(len(page.head)) for table in body.tables),
            head_count=len(page.head),
            foot_count=len(page.foot),
            notes=notes,
        )
