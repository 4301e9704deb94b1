"""Chunking: a document into passages along its structure of headings, paragraphs and sentences.

A passage never runs across a heading, nor across what a page has in its margins, and is made of
whole sentences and rows; what is longer than a passage may be is cut at white space. Passages do
not overlap.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.folding import LINE_END_HYPHEN, fold, with_titles, words_in
from rag.sentences import split_sentences
from rag.types import Document, Heading, Page, PageRef, Passage, Span

BLANK_LINE = re.compile(r"(?>\r\n|\r|\n)[^\S\r\n]*(?>\r\n|\r|\n)")
WHITE = re.compile(r"\s+")

LEAST_ROOM = 16  # tokens for a passage, however long its titles are
SENTENCE_ENDS = ".!?"
LONGEST_LEAD = 120  # characters

Count = Callable[[str], int]


def chunk(
    document: Document, *, size: int, count: Count, longest: int | None = None
) -> tuple[Passage, ...]:
    """The passages of a document in order, each of at most `size` tokens as `count` counts them.

    Where given, `longest` is what each may have together with the document's title and its heading
    path. A paragraph that fits into a passage is not split. A heading stands in the first passage
    of its section; a heading with no text of its own, but with sections below it, stands in none.
    """
    words = words_in(document.text) if LINE_END_HYPHEN.search(document.text) else ()
    passages = []
    for section in _sections(document):
        room = size
        if longest is not None:
            titles = with_titles("", document.title, section.heading_path)
            room = min(size, max(longest - count(titles), LEAST_ROOM))
        for span in _Packing(document.text, room, count).pack(section):
            text = span.of(document.text)
            passages.append(
                Passage(
                    span=span,
                    text=text,
                    heading_path=section.heading_path,
                    pages=_pages_of(span, document.pages),
                    folded=_folded(text, _header_above(span, document), words),
                )
            )
    return tuple(passages)


def _folded(text: str, header: str, words: Collection[str]) -> str:
    """What is searched in place of the text; empty where that is the text itself."""
    folded = fold(f"{header}\n{text}" if header else text, words=words)
    return "" if folded == " ".join(text.split()) else folded


def _header_above(span: Span, document: Document) -> str:
    """The row that names the columns of the table in whose midst a passage begins."""
    at = bisect_right(document.tables, span.start, key=lambda table: table.span.start) - 1
    if at < 0:
        return ""
    table = document.tables[at]
    is_inside = span.start < table.span.end
    is_below = not table.header.start <= span.start < table.header.end
    return table.header.of(document.text) if is_inside and is_below else ""


# --- sections -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Section:
    """What stands between a heading and the next."""

    heading: Span  # empty before the first heading
    stretches: tuple[Span, ...]  # of its body, between what stands in the margins of its pages
    heading_path: tuple[str, ...]
    has_sections_below: bool


def _sections(document: Document) -> Iterator[_Section]:
    end = len(document.text)
    headings = document.headings
    first = headings[0].span.start if headings else end
    before = _stretches(Span(0, first), document.marginalia)
    yield _Section(Span(0, 0), before, (), has_sections_below=False)
    path: list[Heading] = []
    for heading, following in pairwise([*headings, None]):
        assert heading is not None
        path = [above for above in path if above.level < heading.level] + [heading]
        body = Span(heading.span.end, following.span.start if following else end)
        yield _Section(
            heading=heading.span,
            stretches=_stretches(body, document.marginalia),
            heading_path=tuple(above.title for above in path),
            has_sections_below=following is not None and following.level > heading.level,
        )


def _stretches(body: Span, marginalia: tuple[Span, ...]) -> tuple[Span, ...]:
    """The parts of a body between the marginalia in it."""
    first = bisect_left(marginalia, body.start, key=lambda span: span.start)
    after_last = bisect_left(marginalia, body.end, key=lambda span: span.start)
    inside = marginalia[first:after_last]
    starts = [body.start, *(span.end for span in inside)]
    ends = [*(span.start for span in inside), body.end]
    return tuple(Span(start, end) for start, end in zip(starts, ends, strict=True))


def _pages_of(span: Span, pages: tuple[Page, ...]) -> tuple[PageRef, ...]:
    first = bisect_left(pages, span.start, key=lambda page: page.span.end)
    touched = []
    for page in pages[first:]:
        if page.span.start >= span.end:
            break
        if page.span.end > span.start:
            touched.append(PageRef(page.number, page.label))
    return tuple(touched)


# --- packing ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence and the tokens of it and of the white space up to the next."""

    span: Span
    tokens: int
    begins_paragraph: bool


class _Packing:
    """Packs the sentences of one section into spans of at most `size` tokens.

    Each sentence is counted once and the counts are added up. The sum may be more than the whole
    (each count may hold the tokens that begin and end a text), so that the whole is counted
    before a sentence is turned away, and once more when a passage is closed.
    """

    def __init__(self, text: str, size: int, count: Count) -> None:
        self._text = text
        self._size = size
        self._count = count
        self._open: Span | None = None  # the passage being packed
        self._tokens = 0  # of the open passage, at most
        self._packed: list[Span] = []

    def pack(self, section: _Section) -> list[Span]:
        """The passages of the section: an object packs one section and is done."""
        stretches = [list(_sentences_in(self._text, s, self._count)) for s in section.stretches]
        if len(section.heading) and not (section.has_sections_below and not any(stretches)):
            self._open_with(section.heading, self._tokens_of(section.heading))
        for sentences in filter(None, stretches):
            if sentences[0].span.start >= section.stretches[0].end:
                self._close(unless=section.heading)
            for paragraph in _paragraphs(sentences):
                self._add_paragraph(paragraph, heading=section.heading)
        self._close()
        return self._packed

    def _add_paragraph(self, sentences: list[_Sentence], *, heading: Span) -> None:
        whole = Span(sentences[0].span.start, sentences[-1].span.end)
        tokens = sum(sentence.tokens for sentence in sentences)
        if self._extend(whole, tokens):
            return
        if self._fits(whole, tokens):
            self._close(unless=heading)
            self._open_with(whole, tokens)
            return
        for sentence in sentences:
            if not self._extend(sentence.span, sentence.tokens):
                self._close(unless=heading)
                self._open_with(sentence.span, sentence.tokens)

    def _extend(self, span: Span, tokens: int) -> bool:
        """Adds the span to the open passage, if there is one and it has room."""
        if self._open is None:
            return False
        whole, total = Span(self._open.start, span.end), self._tokens + tokens
        if total > self._size:
            total = self._tokens_of(whole)
        if total > self._size:
            return False
        self._open, self._tokens = whole, total
        return True

    def _open_with(self, span: Span, tokens: int) -> None:
        """Opens a passage with the span, or with the last part of one that is too long."""
        *full, last = [span] if self._fits(span, tokens) else self._cut(span)
        self._packed += full
        self._open, self._tokens = last, self._tokens_of(last) if full else tokens

    def _close(self, *, unless: Span | None = None) -> None:
        """Packs the open passage, `unless` it is no more than this: a heading without its text."""
        if self._open is not None and self._open != unless:
            fits = self._tokens_of(self._open) <= self._size
            self._packed += [self._open] if fits else self._cut(self._open)
        self._open = None

    def _cut(self, span: Span) -> list[Span]:
        """The span in parts that fit, cut at white space; a word that does not fit is cut too."""
        whites = WHITE.finditer(self._text, span.start, span.end)
        ends = [*(white.start() for white in whites), span.end]
        parts, start, done = [], span.start, 0
        while done < len(ends):
            reached = self._reach(start, ends, done)
            end = ends[reached - 1] if reached > done else self._end_inside(start, ends[done])
            done = reached + (reached == done and end == ends[done])
            parts.append(Span(start, end))
            white = WHITE.match(self._text, end, span.end)
            start = white.end() if white else end
        return parts

    def _end_inside(self, start: int, word_end: int) -> int:
        """Where to cut a word that is too long for a passage of its own."""
        ends = range(start + 1, word_end + 1)
        return ends[max(self._reach(start, ends, 0), 1) - 1]

    def _reach(self, start: int, ends: Sequence[int], done: int) -> int:
        """How many of the rising ends leave a text that fits, the `done` first taken for granted.

        It feels its way forward in growing steps, so that no text much longer than a passage is
        ever counted.
        """
        first_beyond, step = done, 1
        while (
            first_beyond < len(ends)
            and self._tokens_of(Span(start, ends[first_beyond])) <= self._size
        ):
            done, first_beyond, step = first_beyond + 1, first_beyond + step, 2 * step
        return bisect_right(
            ends,
            self._size,
            lo=done,
            hi=min(first_beyond, len(ends)),
            key=lambda end: self._tokens_of(Span(start, end)),
        )

    def _fits(self, span: Span, tokens: int) -> bool:
        return tokens <= self._size or self._tokens_of(span) <= self._size

    def _tokens_of(self, span: Span) -> int:
        return self._count(span.of(self._text))


def _sentences_in(text: str, body: Span, count: Count) -> Iterator[_Sentence]:
    spans = [
        Span(body.start + span.start, body.start + span.end)
        for span in split_sentences(body.of(text))
    ]
    begins_paragraph = True
    for span, following in pairwise([*spans, None]):
        assert span is not None
        end = following.start if following else span.end
        yield _Sentence(span, count(text[span.start : end]), begins_paragraph)
        ends_paragraph = BLANK_LINE.search(text, span.end, end) is not None
        leads_on = begins_paragraph and _leads_on(span.of(text))
        begins_paragraph = ends_paragraph and not leads_on


def _leads_on(paragraph: str) -> bool:
    """Whether a paragraph of one sentence is the title of the next, or announces it."""
    return len(paragraph) <= LONGEST_LEAD and paragraph[-1] not in SENTENCE_ENDS


def _paragraphs(sentences: list[_Sentence]) -> Iterator[list[_Sentence]]:
    starts = [at for at, sentence in enumerate(sentences) if sentence.begins_paragraph]
    for start, end in pairwise([*starts, len(sentences)]):
        yield sentences[start:end]
