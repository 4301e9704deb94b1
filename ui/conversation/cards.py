"""The card that a citation's chip shows while the mouse is over it."""

from __future__ import annotations

import html
from pathlib import Path

from rag.types import Citation
from ui.tokens import Colors
from ui.wording import pages_in_words, scan_in_words, shortened

_QUOTE_LIMIT = 320


def card(citation: Citation, colors: Colors) -> str:
    """Title, place and quotation, as HTML for a tooltip."""
    title = html.escape(citation.title or Path(citation.path).name)
    where = html.escape(place_in_words(citation))
    quote = html.escape(shortened(citation.quote, _QUOTE_LIMIT))
    scan = html.escape(scan_in_words(citation.marks))
    return (
        f'<table width="340"><tr><td><b>{title}</b><br>'
        f'<span style="color:{colors.muted}">{where}</span>'
        f'<p style="margin-top:6px">“{quote}”</p>'
        f'<span style="color:{colors.muted}">{scan}</span></td></tr></table>'
    )


def place_in_words(citation: Citation) -> str:
    """The page where there are pages, and the headings above the passage."""
    headings = " / ".join(citation.heading_path[-2:])
    parts = (pages_in_words(citation.pages), headings)
    return " · ".join(filter(None, parts)) or Path(citation.path).name
