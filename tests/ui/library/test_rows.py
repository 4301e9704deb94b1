"""What the library's lines say of documents and of files that failed."""

from __future__ import annotations

import pytest

from rag.types import AddedFile, DocumentEntry, Kind, State, Verdict
from ui.library.rows import Tone, library_rows


def entry(path: str, *, state: State = State.READY, reason: str = "", pages: int = 3):
    title = path.rsplit("/", 1)[-1].split(".")[0].title()
    return DocumentEntry("id" + path, path, title, Kind.PDF, state, reason, pages, 9, ("Library",))


def failed(path: str, verdict: Verdict = Verdict.UNSUPPORTED, reason: str = "Save it as PDF."):
    return AddedFile(path, "", verdict, reason, 0, 0, 0.1)


def test_a_ready_document_tells_its_pages_and_its_file() -> None:
    (row,) = library_rows([entry("/a/manual.pdf")], [])
    assert row.detail == "3 pages · manual.pdf"
    assert (row.tone, row.reason, row.badge) == (Tone.QUIET, "", "PDF")


def test_a_failed_document_tells_why_and_opens_nothing() -> None:
    (row,) = library_rows([entry("/a/b.pdf", state=State.PASSWORD, reason="Locked.")], [])
    assert (row.detail, row.tone, row.place) == (
        "Needs a password · click to enter it",
        Tone.BAD,
        None,
    )
    assert row.asks_password


def test_a_file_that_left_no_document_is_a_line_of_its_own() -> None:
    rows = library_rows([entry("/a/z.pdf")], [failed("/a/letter.docx")])
    assert [(row.title, row.detail) for row in rows] == [
        ("letter.docx", "Of a kind that is not read · Save it as PDF."),
        ("Z", "3 pages · z.pdf"),
    ]
    assert rows[0].badge == "DOCX"


def test_a_failed_file_that_is_listed_is_told_once() -> None:
    rows = library_rows(
        [entry("/a/b.pdf", state=State.FAILED, reason="Cut.")], [failed("/a/b.pdf")]
    )
    assert len(rows) == 1


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_words(state: State) -> None:
    (row,) = library_rows([entry("/a/b.pdf", state=state)], [])
    assert row.state
    assert row.detail


def test_a_document_with_hidden_text_says_so_in_its_line() -> None:
    told = "It holds text that nobody sees, which is left out of answers."
    (row,) = library_rows([entry("/a/b.pdf", reason=told)], [])
    assert (row.tone, row.detail) == (Tone.QUIET, f"3 pages · {told}")
