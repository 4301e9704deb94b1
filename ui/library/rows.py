"""What one line of the library says: a document, or a file that could not become one.

Pure: entries and verdicts in, rows out. Nothing here knows a widget.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from rag.types import AddedFile, DocumentEntry, Kind, State, Verdict
from ui.places import Place
from ui.wording import counted


class Tone(StrEnum):
    """How a row's state feels, and so which color it gets."""

    QUIET = "quiet"
    BUSY = "busy"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the library."""

    document: str  # empty where nothing was read
    path: str
    title: str
    badge: str  # "PDF", "MD", "TXT", or the file's suffix
    state: str  # in words
    tone: Tone
    reason: str  # a sentence on what is amiss, hidden text for example; empty where all is well
    place: Place | None  # what opens; None where there is nothing to show
    collections: tuple[str, ...] = ()
    asks_password: bool = False  # a click is for entering it
    order: tuple[str, str] = field(init=False, compare=False)  # rows are sorted by title, then path

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", (self.title.casefold(), self.path))

    @property
    def detail(self) -> str:
        """The second line: the state, then the reason where something is amiss, else the file."""
        if self.asks_password:
            return f"{self.state} · click to enter it"
        return f"{self.state} · {self.reason or Path(self.path).name}"


_MOST_REMEMBERED = 20_000  # documents; each costs about a kilobyte
_STATES = {
    State.QUEUED: ("Waiting", Tone.BUSY),
    State.SEARCHABLE: ("Searchable by word, meaning to come", Tone.BUSY),
    State.READY: ("Ready", Tone.QUIET),
    State.NO_TEXT: ("No text found", Tone.BAD),
    State.PASSWORD: ("Needs a password", Tone.BAD),
    State.UNSUPPORTED: ("Of a kind that is not read", Tone.BAD),
    State.FAILED: ("Could not be read", Tone.BAD),
}
_STATE_OF = {
    Verdict.NO_TEXT: State.NO_TEXT,
    Verdict.PASSWORD: State.PASSWORD,
    Verdict.UNSUPPORTED: State.UNSUPPORTED,
    Verdict.FAILED: State.FAILED,
}
_BADGES = {
    Kind.MARKDOWN: "MD",
    Kind.TEXT: "TXT",
    Kind.NOTEBOOK: "NB",
    Kind.EMAIL: "MAIL",
    Kind.PICTURE: "PIC",
}  # the others by their own name
_SHOWABLE = (State.SEARCHABLE, State.READY, State.NO_TEXT)


def library_rows(entries: Iterable[DocumentEntry], problems: Iterable[AddedFile]) -> list[Row]:
    """The library's lines: its documents, and the files that failed without leaving one."""
    documents = [_document_row(entry) for entry in entries]
    listed = {row.path for row in documents}
    failed = [_problem_row(file) for file in problems if file.path not in listed]
    return sorted(documents + failed, key=lambda row: row.order)


@lru_cache(maxsize=_MOST_REMEMBERED)  # a change in one document comes with the list of them all
def _document_row(entry: DocumentEntry) -> Row:
    words, tone = _STATES[entry.state]
    if entry.state is State.READY and entry.page_count:
        words = counted(entry.page_count, "page")
    return Row(
        document=entry.document,
        path=entry.path,
        title=entry.title or Path(entry.path).name,
        badge=_BADGES.get(entry.kind, entry.kind.upper()),
        state=words,
        tone=tone,
        reason=entry.reason,
        place=Place.of_document(entry) if entry.state in _SHOWABLE else None,
        collections=entry.collections,
        asks_password=entry.state is State.PASSWORD and entry.kind is not Kind.ODT,
    )


def _problem_row(file: AddedFile) -> Row:
    words, tone = _STATES[_STATE_OF.get(file.verdict, State.FAILED)]
    path = Path(file.path)
    return Row(
        document=file.document,
        path=file.path,
        title=path.name or file.path,
        badge=path.suffix[1:5].upper() or "FILE",
        state=words,
        tone=tone,
        reason=file.reason,
        place=None,
        asks_password=file.verdict is Verdict.PASSWORD,
    )
