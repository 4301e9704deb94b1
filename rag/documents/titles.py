"""Which of the titles that a file states can be shown to a person."""

import re

# What programs write into the title when nobody has given one.
NO_TITLE = re.compile(
    r"untitled.*|(word |powerpoint )?(document|presentation)\d*|slide \d+|title|template"
    r"|microsoft (word|powerpoint|excel) - .*"
    r"|\S*\.\w{2,5}",  # a file name
    re.IGNORECASE,
)


def sane_title(stated: str) -> str:
    """The title on one line; empty where it says nothing about the document."""
    title = " ".join(stated.split())
    has_words = sum(map(str.isalpha, title)) >= 3
    return "" if not has_words or NO_TITLE.fullmatch(title) else title
