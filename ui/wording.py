"""Small sentences that several parts of the window say: pages, counts, shortened text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.types import BoxMark, Mark, PageRef


def page_in_words(page: PageRef) -> str:
    """A page as a person finds it: on paper by its label, in the file by its number."""
    if page.label == str(page.number):
        return f"page {page.number}"
    return f"p. {page.label} · page {page.number} of the file"


def pages_in_words(pages: tuple[PageRef, ...]) -> str:
    """The pages that a passage touches; empty where there are none."""
    if len(pages) <= 1:
        return "".join(map(page_in_words, pages))
    first, last = pages[0], pages[-1]
    if all(page.label == str(page.number) for page in pages):
        return f"pages {first.number} to {last.number}"
    labels = f"pp. {first.label} to {last.label}"
    return f"{labels} · pages {first.number} to {last.number} of the file"


def scan_in_words(marks: Sequence[Mark | BoxMark]) -> str:
    """That words were recognised in a picture, and how surely; empty where none were."""
    scores = [mark.score for mark in marks if isinstance(mark, BoxMark)]
    if not scores:
        return ""
    return f"From a scan, read with {min(scores):.0%} certainty: check the words."


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 page", "3 pages"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def time_left(seconds: float) -> str:
    """How long something will still take, as exact as it is known; empty where it is not."""
    if math.isinf(seconds):
        return ""
    if seconds < 90:
        return f"{10 * math.ceil(seconds / 10)} s left"
    minutes = round(seconds / 60)
    return f"{minutes} min left" if minutes < 90 else f"{minutes / 60:.0f} h left"


def about(seconds: float) -> str:
    """A stretch of time, as roughly as a measurement allows to tell it."""
    if seconds < 90:
        return f"about {counted(max(1, round(seconds)), 'second')}"
    return f"about {round(seconds / 60)} minutes"


def ago(seconds: float) -> str:
    """How long something is past, as exactly as a person wants to know."""
    if seconds < 60:
        return "just now"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min ago"
    hours = round(seconds / 3600)
    return f"{hours} h ago" if hours < 36 else f"{round(hours / 24)} days ago"


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters in one line, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[:limit].rsplit(" ", 1)[0]
    return f"{cut} …"
