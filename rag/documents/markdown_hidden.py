"""What a note hides when it is shown as Markdown: comments, and elements of HTML that say so.

Code shows what it holds: only where CommonMark sees HTML is there anything hidden.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from rag.documents.markup_hidden import declarations, hides
from rag.types import Span

COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# An element with what says how it looks, up to its end.
ELEMENT = re.compile(
    r"<(\w+)\b[^<>]*?(?:style\s*=\s*(?:\"([^\"]*)\"|'([^']*)')|\s(hidden)\b)[^<>]*>"
    r".*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)


def hidden_in(text: str, tokens: Sequence[Token], line_starts: Sequence[int]) -> Iterator[Span]:
    """Where the text hides something, by its tokens and by where each of its lines begins."""
    for token in tokens:
        if token.map is None or not _has_html(token):
            continue
        start, end = (line_starts[line] for line in token.map)
        for found in COMMENT.finditer(text, start, end):
            yield Span(*found.span())
        for found in ELEMENT.finditer(text, start):
            if found.start() >= end:
                break
            if found[4] or hides(declarations(found[2] or found[3] or "")):
                yield Span(*found.span())


def _has_html(token: Token) -> bool:
    if token.type == "html_block":
        return True
    return any(child.type == "html_inline" for child in token.children or ())
