"""What a model writes, told as it comes, and the answer that is made of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.citations import Citations, CitedWords
from rag.evidence import Excerpt
from rag.types import Answer, Quotation, Retrieval
from rag.writing import Writing


def demonstrate(writing: Writing, found: Retrieval, quotation: Quotation) -> Iterator[str | Answer]:
    """The quotation is the answer; the model's words stand apart, unchecked."""
    yield from writing
    yield writing.answer(
        quotation.text,
        found,
        words=writing.text.strip(),
        claims=quotation.claims,
        citations=quotation.citations,
    )


def speak(
    writing: Writing,
    found: Retrieval,
    evidence: Sequence[Excerpt],
    quotation: Quotation,
    citations: Citations,
) -> Iterator[str | Answer]:
    """The model's words are the answer, sentence by sentence as each is checked.

    Where it says nothing at all, the quotation is the answer.
    """
    cited = CitedWords(evidence, citations)
    pieces: list[str] = []
    for sentences in _sentences(writing, cited):
        pieces.append(sentences)
        yield sentences
    if not writing.text.strip():
        yield writing.answer(
            quotation.text, found, claims=quotation.claims, citations=quotation.citations
        )
        return
    yield writing.answer(
        "".join(pieces).strip(),
        found,
        claims=tuple(cited.claims),
        citations=citations.all(),
        is_abstention=_says_no(writing.text),
    )


def _sentences(writing: Writing, cited: CitedWords) -> Iterator[str]:
    """What can be told of the words as they come, cited, and at the end the rest."""
    for words in writing:
        if sentences := cited.feed(words):
            yield sentences
    if rest := cited.finish():
        yield rest


def _says_no(text: str) -> bool:
    """Whether the model said what its prompt has it say where the passages hold no answer."""
    return text.strip().lower().startswith("the documents do not say")
