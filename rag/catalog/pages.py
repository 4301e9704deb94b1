"""The catalog's pages: where each stands in its document's text, and how it is drawn."""

from __future__ import annotations

from rag.catalog.connections import Connections
from rag.catalog.packing import unpack_json, unpack_runs
from rag.catalog.scans import lines_from_json
from rag.types import Page, Span


class Pages:
    """The pages of one library's documents."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def of(self, document: str) -> tuple[Page, ...]:
        """A document's pages in order; empty where it has none."""
        return self._read("document = ?", document)

    def at(self, document: str, span: Span) -> tuple[Page, ...]:
        """The pages of a document that a span touches, in order."""
        return self._read(
            'document = ? AND start < ? AND "end" > ?', document, span.end, span.start
        )

    def _read(self, where: str, *values: object) -> tuple[Page, ...]:
        rows = self._connections.rows(
            'SELECT number, label, start, "end", runs, lines FROM pages '
            f"WHERE {where} ORDER BY number",
            *values,
        )
        return tuple(
            Page(
                number,
                label,
                Span(start, end),
                runs=unpack_runs(runs),
                lines=lines_from_json(unpack_json(lines)),
            )
            for number, label, start, end, runs, lines in rows
        )
