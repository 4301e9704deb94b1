"""The catalog's scans: pages that wait to be recognised, and what was recognised so far.

Each page is kept as soon as it is read, so that a sudden end costs one page. The document itself
follows when its pages are done: see `rag.documents.recognized`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from rag.catalog.connections import Connections
from rag.types import Box, RecognizedPage, ScannedLine, Span


class Scans:
    """The scanned pages of one library's documents."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def queue(self, document: str, page_numbers: Iterable[int]) -> None:
        """Let these pages of a document wait, and forget what was recognised in it before."""
        with self._connections.transaction() as db:
            db.execute("DELETE FROM scans WHERE document = ?", (document,))
            db.executemany(
                "INSERT INTO scans VALUES (?, ?, '', '')",
                ((document, number) for number in page_numbers),
            )

    def waiting(self) -> tuple[tuple[str, int], ...]:
        """Document and number of the pages that wait, in the order in which they came."""
        return tuple(
            self._connections.rows(
                "SELECT document, number FROM scans JOIN documents ON documents.id = document "
                "WHERE lines = '' ORDER BY added_at, document, number"
            )
        )

    def documents(self) -> tuple[str, ...]:
        """The documents with pages that wait, or whose pages are not yet part of their text."""
        rows = self._connections.rows(
            "SELECT DISTINCT document, added_at FROM scans "
            "JOIN documents ON documents.id = document ORDER BY added_at, document"
        )
        return tuple(document for document, _ in rows)

    def settle(self, document: str) -> None:
        """Note that all that was recognised is part of the document's text.

        To be called after the document was written: before, a sudden end would lose the pages.
        While a page still waits all are kept, for the document will be written with all of them.
        """
        with self._connections.transaction() as db:
            db.execute(
                "DELETE FROM scans WHERE document = ?1 "
                "AND NOT EXISTS (SELECT 1 FROM scans WHERE document = ?1 AND lines = '')",
                (document,),
            )

    def keep(self, document: str, page: RecognizedPage) -> None:
        """Keep what was recognised on a page that waited; one that waits no more is left out."""
        with self._connections.transaction() as db:
            db.execute(
                "UPDATE scans SET text = ?, lines = ? WHERE document = ? AND number = ?",
                (page.text, lines_to_json(page.lines), document, page.number),
            )

    def of(self, document: str) -> tuple[RecognizedPage, ...]:
        """The pages of a document that were recognised, in order."""
        rows = self._connections.rows(
            "SELECT number, text, lines FROM scans WHERE document = ? AND lines <> '' "
            "ORDER BY number",
            document,
        )
        return tuple(
            RecognizedPage(number, text, lines_from_json(lines)) for number, text, lines in rows
        )


def lines_to_json(lines: Iterable[ScannedLine]) -> str:
    """Lines as the tables keep them: [[start, end, left, top, right, bottom, score], ...]."""
    return json.dumps(
        [
            (line.span.start, line.span.end, *_corners(line.box), round(line.score, 4))
            for line in lines
        ]
    )


def lines_from_json(lines: str) -> tuple[ScannedLine, ...]:
    """The lines that `lines_to_json` wrote."""
    return tuple(
        ScannedLine(Span(start, end), Box(*corners), score)
        for start, end, *corners, score in json.loads(lines)
    )


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom
