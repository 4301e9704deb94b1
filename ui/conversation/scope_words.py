"""The scope of a question in words: part by part for its chips, and as a line under a question.

Pure: a scope in, words out. Nothing here knows a widget.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rag.types import Kind, Scope
from ui.wording import counted, shortened

KIND_NAMES = {
    Kind.PDF: "PDF",
    Kind.MARKDOWN: "Markdown",
    Kind.TEXT: "Plain text",
    Kind.HTML: "Web page",
    Kind.EPUB: "EPUB",
    Kind.DOCX: "Word",
    Kind.ODT: "OpenDocument",
    Kind.RTF: "RTF",
    Kind.PPTX: "PowerPoint",
    Kind.XLSX: "Excel",
    Kind.CSV: "CSV",
    Kind.NOTEBOOK: "Notebook",
    Kind.CODE: "Source code",
    Kind.EMAIL: "E-mail",
    Kind.PICTURE: "Picture",
}
_LONGEST = 28  # characters of a name
_KINDS_NAMED = 2  # more are counted

Titles = Mapping[str, str]  # of documents, by id


@dataclass(frozen=True, slots=True)
class ScopePart:
    """One thing that a scope keeps to."""

    words: str  # short
    whole: str  # in full
    rest: Scope  # the scope without it


def scope_parts(scope: Scope, titles: Titles) -> tuple[ScopePart, ...]:
    """What a scope keeps to, one after the other; empty for everything."""
    parts = []
    if scope.collection:
        name = scope.collection
        parts.append(
            ScopePart(f"in {shortened(name, _LONGEST)}", name, replace(scope, collection=""))
        )
    if scope.documents:
        names = [titles.get(document, "a document that is gone") for document in scope.documents]
        words = shortened(names[0], _LONGEST) if len(names) == 1 else f"{len(names)} documents"
        parts.append(ScopePart(words, ", ".join(names), replace(scope, documents=())))
    if scope.kinds:
        names = [KIND_NAMES[kind] for kind in scope.kinds]
        words = ", ".join(names) if len(names) <= _KINDS_NAMED else counted(len(names), "kind")
        parts.append(ScopePart(words, ", ".join(names), replace(scope, kinds=())))
    if scope.folder:
        words = f"in {shortened(Path(scope.folder).name or scope.folder, _LONGEST)}{os.sep}"
        parts.append(ScopePart(words, scope.folder, replace(scope, folder="")))
    if days := _days(scope):
        parts.append(ScopePart(days, days, replace(scope, modified_from="", modified_until="")))
    return tuple(parts)


def scope_line(scope: Scope, titles: Titles) -> str:
    """The line under a question: what alone was asked; empty where that was everything."""
    words = " · ".join(part.words for part in scope_parts(scope, titles))
    return f"Asked only: {words}" if words else ""


def place_in_words(scope: Scope, titles: Titles) -> str:
    """Whom the question box offers to ask."""
    parts = scope_parts(scope, titles)
    if len(parts) == 1 and (scope.collection or len(scope.documents) == 1):
        return f"“{shortened(parts[0].whole, 40)}”"
    return "this part of your documents" if parts else "your documents"


def _days(scope: Scope) -> str:
    first, last = scope.modified_from, scope.modified_until
    if first and last:
        return f"changed {first} to {last}" if first != last else f"changed {first}"
    return f"changed since {first}" if first else f"changed until {last}" if last else ""
