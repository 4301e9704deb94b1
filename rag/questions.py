"""A question as a person typed it, made fit for search and model."""

from __future__ import annotations

from rag.errors import BadRequest


def tidy(question: str) -> str:
    """The question without the white space around it. Raises BadRequest where nothing is left.

    Halves of characters, which terminals and other programs may send, become question marks: no
    tokenizer and no database takes them.
    """
    question = question.strip().encode("utf-8", "replace").decode("utf-8")
    if not question:
        raise BadRequest("The question is empty.", remedy="Type a question.")
    return question
