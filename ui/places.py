"""A place in a document that can be shown: what the library and the answers hand to the viewer."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types import (
    BoxMark,
    Citation,
    DocumentEntry,
    FoundPassage,
    Kind,
    Mark,
    PageRef,
    Span,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A document and the passage in it to be marked; an empty span for the document alone."""

    document: str
    path: str
    title: str
    kind: Kind
    pages: tuple[PageRef, ...]
    span: Span
    quote: str
    marks: tuple[Mark | BoxMark, ...]

    @classmethod
    def of_citation(cls, citation: Citation) -> Place:
        return cls(
            document=citation.document,
            path=citation.path,
            title=citation.title,
            kind=citation.kind,
            pages=citation.pages,
            span=citation.span,
            quote=citation.quote,
            marks=citation.marks,
        )

    @classmethod
    def of_passage(cls, found: FoundPassage) -> Place:
        return cls(
            document=found.document,
            path=found.path,
            title=found.title,
            kind=found.kind,
            pages=found.passage.pages,
            span=found.passage.span,
            quote=found.passage.text,
            marks=found.marks,
        )

    @classmethod
    def of_document(cls, entry: DocumentEntry) -> Place:
        return cls(
            document=entry.document,
            path=entry.path,
            title=entry.title,
            kind=entry.kind,
            pages=(),
            span=Span(0, 0),
            quote="",
            marks=(),
        )
