"""The parts of the library that can be looked at: all of it, its problems, and each collection.

Pure: rows and collections in, sections out. Nothing here knows a widget.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.settings import DEFAULT_COLLECTION
from rag.types import CollectionEntry
from ui.library.rows import Row, Tone
from ui.wording import counted


class Choice(StrEnum):
    """What kind of part a section is."""

    ALL = "all"
    PROBLEMS = "problems"
    COLLECTION = "collection"


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the library, with the number of lines in it."""

    choice: Choice
    collection: str  # its name; empty where the section is none
    count: int

    @property
    def title(self) -> str:
        """What a person calls it."""
        match self.choice:
            case Choice.ALL:
                return "All documents"
            case Choice.PROBLEMS:
                return "Problems"
            case Choice.COLLECTION:
                return self.collection

    @property
    def spoken(self) -> str:
        """For screen readers."""
        return f"{self.title}, {counted(self.count, 'document')}"

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same when documents come and go."""
        return (self.choice, self.collection)

    def holds(self, row: Row) -> bool:
        """Whether a line of the library belongs here."""
        match self.choice:
            case Choice.ALL:
                return True
            case Choice.PROBLEMS:
                return row.tone is Tone.BAD
            case Choice.COLLECTION:
                return self.collection in row.collections


def sections_of(rows: Sequence[Row], collections: Iterable[CollectionEntry]) -> list[Section]:
    """All, the problems if there are some, and the collections that the person has made.

    The one for documents that nobody put elsewhere is none of these: it is in all.
    """
    problem_count = sum(row.tone is Tone.BAD for row in rows)
    problems = [Section(Choice.PROBLEMS, "", problem_count)] if problem_count else []
    made = [entry for entry in collections if entry.name != DEFAULT_COLLECTION]
    return [
        Section(Choice.ALL, "", len(rows)),
        *problems,
        *(Section(Choice.COLLECTION, entry.name, entry.document_count) for entry in made),
    ]
