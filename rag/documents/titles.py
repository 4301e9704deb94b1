"""Which of the titles that a file states can be shown to a person."""

import re

# What programs write into the title when nobody has given one.
NO_TITLE = re.compile(
    r"untitled.*|(word |powerpoint )?(document|presentation)\d*|slide \d+|title|template"
    r"|microsoft (word|powerpoint|excel) - .*"
    r"|\S*\.\w{2,5}",  # a file name
    re.IGNORECASE,
)

# Characters. What is longer is a paragraph that was marked as a title; in front of every passage it
# would be most of what the embedder reads.
LONGEST = 200


def sane_title(stated: str) -> str:
    """The title on one line; empty where it says nothing about the document, or is none."""
    title = " ".join(stated.split())
    has_words = sum(map(str.isalpha, title)) >= 3
    is_title = has_words and len(title) <= LONGEST and not NO_TITLE.fullmatch(title)
    return title if is_title else ""
