"""Answers that no model wrote: the quotation alone, or that there is no answer."""

from __future__ import annotations

import time

from rag.types import Answer, Quotation, Retrieval, Timings, Tokens, Turn

NOT_THERE = "Your documents do not seem to hold an answer to this."
LIBRARY_EMPTY = "There are no documents to answer from yet. Add some first."
NOT_IN_PART = "The part of your library that was asked does not seem to hold an answer to this."
PART_EMPTY = "There are no documents in the part of your library that was asked."


def abstention(question: str, found: Retrieval, started: float, *, is_part: bool) -> Answer:
    """No answer, and why; `is_part` where a part of the library was asked.

    `started` is when the question was asked, by `time.perf_counter`.
    """
    if is_part:
        text = NOT_IN_PART if found.passages else PART_EMPTY
    else:
        text = NOT_THERE if found.passages else LIBRARY_EMPTY
    return _answer(question, found, Quotation(text, (), ()), started, is_abstention=True)


def quoted(question: str, found: Retrieval, quotation: Quotation, started: float) -> Answer:
    """The quotation as the answer; for `started` see `abstention`."""
    return _answer(question, found, quotation, started, is_abstention=False)


def _answer(
    question: str, found: Retrieval, quotation: Quotation, started: float, *, is_abstention: bool
) -> Answer:
    return Answer(
        text=quotation.text,
        words="",
        is_abstention=is_abstention,
        claims=quotation.claims,
        citations=quotation.citations,
        passages=found.passages,
        evidence=found.evidence,
        turn=Turn(question, quotation.text, question),
        tokens=Tokens(),
        timings=Timings(retrieve=found.seconds, total=time.perf_counter() - started),
        model="",
        notes=found.notes,
    )
