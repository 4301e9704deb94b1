"""The scope that a question states in words: "in my notes", "in report.pdf", "in our slides"."""

from __future__ import annotations

import re

from rag.catalog import Catalog
from rag.types import EVERYWHERE, Kind, Scope

# Only what is called one's own is a place in the library for sure: "in the spreadsheet" may be
# said of any.
_OWN = r"\b(?:in|from|within|aus|im)\s+(?:all\s+)?(?:my|our|meine[mnr]|unsere[mnr])\s+"
_SUFFIX = re.compile(r"\.[a-z]\w{1,4}\b")
_QUOTED = re.compile(  # in the quotation marks of English, German and French
    r"[\"\u201c\u201e\u00ab]([^\"\u201c\u201d\u00bb]{3,200})[\"\u201c\u201d\u00bb]"
)
_KINDS = {
    "e-?mails?|mails?": (Kind.EMAIL,),
    "slides|presentations?|slide decks?|powerpoints?": (Kind.PPTX,),
    "spreadsheets?|excel(?: files?| sheets?)?|workbooks?": (Kind.XLSX, Kind.CSV),
    "pdfs?|pdf files?": (Kind.PDF,),
    "word (?:documents?|files?)": (Kind.DOCX, Kind.ODT, Kind.RTF),
    "(?:e-?books?|epubs?)": (Kind.EPUB,),
    "(?:jupyter )?notebooks?": (Kind.NOTEBOOK,),
    "source code|code files?": (Kind.CODE,),
}
_SAID_KINDS = tuple(
    (re.compile(rf"{_OWN}(?:{words})\b", re.IGNORECASE), kinds) for words, kinds in _KINDS.items()
)


def said_scope(question: str, catalog: Catalog) -> Scope:
    """Where the question says that its answer stands, as far as the library has such a place.

    A file's name, a title in quotation marks, a collection's name or a kind of file; a place that
    holds no document is none. What is said less surely ("the 2021 report") is for
    `document_ranking`.
    """
    return (
        _documents(question, catalog) or _collection(question, catalog) or _kinds(question, catalog)
    )


def _documents(question: str, catalog: Catalog) -> Scope | None:
    titles = [title.strip() for title in _QUOTED.findall(question)]
    documents = [each for title in titles for each in catalog.documents.titled(title)]
    documents += _files_in(question.lower(), catalog)
    return Scope(documents=tuple(dict.fromkeys(documents))) if documents else None


def _files_in(question: str, catalog: Catalog) -> list[str]:
    """The documents whose file names stand in the question."""
    if not _SUFFIX.search(question):
        return []
    names = ((doc, re.split(r"[/\\]", path.lower())[-1]) for doc, path in catalog.documents.paths())
    return [
        document
        for document, name in names
        if name in question and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", question)
    ]


def _collection(question: str, catalog: Catalog) -> Scope | None:
    for name in sorted((entry.name for entry in catalog.collections.list()), key=len, reverse=True):
        if re.search(rf"{_OWN}{re.escape(name)}\b", question, re.IGNORECASE):
            return _unless_empty(Scope(collection=name), catalog)
    return None


def _kinds(question: str, catalog: Catalog) -> Scope:
    for said, kinds in _SAID_KINDS:
        if said.search(question):
            return _unless_empty(Scope(kinds=kinds), catalog) or EVERYWHERE
    return EVERYWHERE


def _unless_empty(scope: Scope, catalog: Catalog) -> Scope | None:
    return scope if catalog.documents.within(scope) else None
