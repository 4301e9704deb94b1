"""What is in a document and nobody sees: told in a sentence, and in no passage.

Here are the characters that hide text in any format: tags, selectors, characters without width,
and those that turn a line around ("Trojan Source", CVE-2021-42574). What a format hides by its own
means is found by its reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from textwrap import shorten

from rag.orders import orders_in
from rag.types import Document, Heading, Span

# A letter of an unseen alphabet: U+E0041 says A. After a black flag they name a country's part.
TAGS = r"[\U000e0000-\U000e007f]+"
FLAG = r"\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f"
# One may follow a sign and say how it is drawn; several are bytes.
SELECTORS = r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}"
# One or two are spelling or the setting of a line; many are bits.
NO_WIDTH = (
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f"
    r"\ufeff]{6,}"
)
# What follows is shown from its end to its start, up to the end of the line.
TURNED = r"[\u202d\u202e][^\u202c\r\n]*\u202c?"
UNSEEN_TEXT = re.compile(f"{FLAG}|({TAGS}|{SELECTORS}|{NO_WIDTH}|{TURNED})")
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")

LONGEST_SHOWN = 120  # characters of hidden text in a sentence
FEWEST_LETTERS = 6  # of what a format hides: less is a dot or an icon's name


def hidden_spans(text: str) -> Iterator[Span]:
    """The runs of characters that nobody sees, or that are shown in another order."""
    if text.isascii():
        return
    for found in UNSEEN_TEXT.finditer(text):
        if found[1]:
            yield Span(*found.span(1))


def revealed(text: str) -> str:
    """What a run of hidden characters says; empty where it says nothing in letters."""
    tags = "".join(chr(ord(c) - 0xE0000) for c in text if 0xE0020 <= ord(c) <= 0xE007E)
    if tags:
        return tags
    selected = bytes(byte for c in text if (byte := _selected_byte(ord(c))) >= 0)
    if selected:
        return selected.decode("utf-8", "replace")
    words = TURNS.sub("", text).strip()
    return words if any(map(str.isalnum, words)) else ""


def seen(text: str) -> str:
    """The text without such runs: for titles and names, which stand nowhere by a span."""
    if text.isascii():
        return text
    spans = [Span(0, 0), *hidden_spans(text), Span(len(text), len(text))]
    return "".join(text[before.end : after.start] for before, after in pairwise(spans))


def with_hidden_left_out(document: Document, *, file_name: str) -> Document:
    """The document with the hidden characters of its text noted and in none of its passages.

    The text itself stays as it was read, and so do all places in it. A title or keyword that
    stands nowhere in it and addresses the assistant is hidden too; the file's name is then the
    title.
    """
    spans = tuple(hidden_spans(document.text))
    said = [revealed(span.of(document.text)) for span in spans]
    stated = dict.fromkeys((document.title, *document.keywords))
    orders = [text for text in stated if text not in document.text and orders_in(text)]
    return replace(
        document,
        title=seen(file_name if document.title in orders else document.title),
        headings=tuple(_seen_heading(heading, document.text) for heading in document.headings),
        marginalia=tuple(united([*document.marginalia, *spans])) if spans else document.marginalia,
        keywords=tuple(seen(text) for text in document.keywords if text not in orders),
        hidden=(*document.hidden, *said, *worth_telling(orders)),
    )


def hidden_sentence(hidden: Sequence[str]) -> str:
    """What is told of a document with hidden text; empty where there is none."""
    if not hidden:
        return ""
    words = shorten(" … ".join(filter(None, hidden)), LONGEST_SHOWN, placeholder=" …")
    what = f": “{words}”" if words else ""
    return f"It holds text that nobody sees, which is left out of answers{what}."


def worth_telling(texts: Iterable[str]) -> list[str]:
    """Those of the hidden texts that say something, each on one line."""
    lines = (" ".join(text.split()) for text in texts)
    return [line for line in lines if sum(map(str.isalpha, line)) >= FEWEST_LETTERS]


def _seen_heading(heading: Heading, text: str) -> Heading:
    """A heading that ends where hidden characters begin: what follows them is below it."""
    own = next(hidden_spans(heading.span.of(text)), None) if not text.isascii() else None
    if own is None:
        return heading
    end = heading.span.start + own.start
    return replace(heading, title=seen(heading.title), span=Span(heading.span.start, end))


def united(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans in order, those that touch made one."""
    start = end = -1
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if span.start > end:
            if end >= 0:
                yield Span(start, end)
            start, end = span.start, span.end
        end = max(end, span.end)
    if end >= 0:
        yield Span(start, end)


def _selected_byte(code: int) -> int:
    if 0xFE00 <= code <= 0xFE0F:
        return code - 0xFE00
    return code - 0xE0100 + 16 if 0xE0100 <= code <= 0xE01EF else -1
