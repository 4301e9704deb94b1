"""Speeds in words for a person, with no more digits than an estimate has."""

from __future__ import annotations

from rag.generation.speed import Speed

PAGE_TOKENS, WORD_TOKENS = 500, 4 / 3


def writing_words(speed: Speed) -> float:
    """How many words a second it writes."""
    return speed.writing / WORD_TOKENS


def pace(speed: Speed) -> str:
    """A sentence on reading and writing."""
    page_s = PAGE_TOKENS / speed.reading
    return f"It reads a page in about {_seconds(page_s)}, and writes {words_a_second(speed)}."


def words_a_second(speed: Speed) -> str:
    """How fast it writes."""
    words = writing_words(speed)
    if 0.75 <= words < 1.5:
        return "about a word a second"
    if words >= 1:
        return f"about {_rounded(words)} words a second"
    return f"about one word in {_seconds(1 / words)}"


def _seconds(seconds: float) -> str:
    """A time for a person: "a second", "20 seconds", "5 minutes"."""
    if seconds < 1.5:
        return "a second"
    if seconds < 100:
        return f"{_rounded(seconds)} seconds"
    return f"{_rounded(seconds / 60)} minutes"


def _rounded(number: float) -> str:
    """With one digit that counts, or two from ten on: an estimate is no better."""
    return f"{round(number)}" if number < 20 else f"{round(number, -1):.0f}"
