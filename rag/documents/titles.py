"""Which of the titles that a file states can be shown to a person."""

import re

# What programs write into the title when nobody has given one.
NO_TITLE = re.compile(
    r"untitled.*|(word |powerpoint )?(document|presentation)\d*|slide \d+|title|template"
    r"|microsoft (word|powerpoint|excel) - .*"
    r"|\S*\.\w{2,5}|.*\.(docx?|xlsx?|pptx?|odt|rtf|tex|dvi|indd|pdf|txt|html?)",  # a file name
    re.IGNORECASE,
)

# What many documents are called alike: alone, these words and a year tell none from the others.
_GENERIC = """
    a abstract agenda and annual contents copy draft final financial fiscal for form introduction
    invoice letter memo memorandum minutes monthly new note notes of overview paper quarterly
    readme report reports scan summary table the thesis version weekly year
    bericht einleitung geschäftsbericht inhalt inhaltsverzeichnis jahresbericht protokoll
    rechnung vorwort annuel introducción rapport sommaire
"""
GENERIC = frozenset(_GENERIC.split())
WORD = re.compile(r"[^\W\d_]+")

# Characters. What is longer is a paragraph that was marked as a title; in front of every passage it
# would be most of what the embedder reads.
LONGEST = 200


def sane_title(stated: str) -> str:
    """The title on one line; empty where it says nothing about the document, or is none."""
    title = " ".join(stated.split())
    has_words = sum(map(str.isalpha, title)) >= 3
    is_title = has_words and len(title) <= LONGEST and not NO_TITLE.fullmatch(title)
    is_generic = GENERIC.issuperset(WORD.findall(title.lower()))
    return title if is_title and not is_generic else ""
