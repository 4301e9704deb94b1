"""What a PDF's type tells: which lines are set as headings, and what the first page is called.

A heading is in larger type than the text, or in bold type of the text's size on a line of its own.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.documents.pdf_lines import Line
from rag.documents.pdf_pages import PageLines
from rag.documents.titles import sane_title

LARGER = 1.15  # times the body's type: what a heading in larger type has at least
SMALLER = 0.95  # times the body's type: what a heading in bold type has at least
CLOSING = (".", ",", ";", ":", "\u3002", "\uff0c", "\uff1b", "\uff1a")  # the last four: Chinese
LONGEST_HEADING = 120  # characters
MOST_LINES = 3  # a heading runs over
FARTHEST = 2.0  # times its size: the pitch of its lines
SET_OFF = 1.35  # times its size: the pitch to the line above a bold heading without a number
MOST_LEVELS = 4
MOST_HEADINGS = 0.2  # of all lines; where there would be more, type does not tell headings apart
MOST_BOLD = 0.3  # of all characters; where there are more, bold says nothing
COVER = 5  # pages; in a longer document, type that is used on the first page alone is a cover's

NUMBERING = re.compile(
    r"\s*(?:(?:chapter|section|part|appendix|item|note|kapitel|teil|abschnitt|chapitre)\s+)?"
    r"(?:\d+(?:\.\d+)*[A-Z]?|[IVXLC]+|[A-Z](?:\.\d+)*)[.):]?\s+(?=\S)",
    re.IGNORECASE,
)
PART = re.compile(r"(?:part|teil)\s+(?:\d+|[IVXLC]+)\b", re.IGNORECASE)
NAMED = re.compile(
    r"(?:chapter|section|appendix|item|note|kapitel|abschnitt|chapitre|annex|anhang)\s+"
    r"(?:\d+[A-Z]?|[IVXLC]+|[A-Z])\b",
    re.IGNORECASE,
)
DECIMAL = re.compile(r"\d{1,2}(?:\.\d{1,2})*(?=[.)]?\s+[^\W\d_])")
CAPTION = re.compile(
    r"(?:table|tabelle|tab\.|figure|fig\.|abbildung|abb\.|chart|listing)\s+\d", re.IGNORECASE
)
LEADERS = re.compile(r"(?:\.\s?){4,}|…")
CONTENTS = {"contents", "table of contents", "inhalt", "inhaltsverzeichnis"}  # name no document
FORM_HEADING = re.compile(
    r"(?:the )?united states(?: of america)?|(?:united states )?securities and exchange commission"
    r"|washington,? d\.?\s?c\.?.*|form \d+-?\w*(?: ?/ ?a)?|(?:annual|quarterly) report pursuant .*"
    r"|\(mark one\)|department of the treasury|internal revenue service|confidential|draft"
    r"|notice of annual meeting.*|proxy statement",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SetHeading:
    """The lines [first, after_last) of a page, which are set as a heading."""

    title: str
    level: int  # from 1
    page_index: int
    first: int
    after_last: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    page_index: int
    first: int
    lines: Sequence[Line]
    style: tuple[int, int]  # orders: the higher a heading, the smaller


def headings_by_type(
    pages: Sequence[PageLines], taken: Collection[tuple[int, int]] = ()
) -> list[SetHeading]:
    """The lines that are set as headings, in reading order.

    Lines that are `taken`, each by its page's index and its number there, are left out.
    """
    found = [one for one in _candidates(pages) if (one.page_index, one.first) not in taken]
    if sum(len(one.lines) for one in found) > MOST_HEADINGS * sum(
        len(page.lines) for page in pages
    ):
        return []
    if len(pages) > COVER:
        inside = {one.style for one in found if one.page_index}
        found = [one for one in found if one.style in inside]
    styles = sorted({one.style for one in found})
    return [
        SetHeading(
            title=joined(one.lines),
            level=min(styles.index(one.style) + 1, MOST_LEVELS),
            page_index=one.page_index,
            first=one.first,
            after_last=one.first + len(one.lines),
        )
        for one in found
    ]


def title_on_page(pages: Sequence[PageLines]) -> str:
    """What stands in clearly the largest type on the first page; empty where nothing does.

    What forms are headed with by law names none of them.
    """
    lines = pages[0].lines if pages else ()
    if any(FORM_HEADING.fullmatch(line.text.strip()) for line in lines):
        return ""
    least = LARGER * _body_size(pages)
    large = [line for line in lines if line.size >= least]
    titles = [group for _, group in _alike(large) if _is_title(sane_title(joined(group)))]
    largest = max((group[0].size for group in titles), default=0.0)
    return next((joined(group) for group in titles if group[0].size > SMALLER * largest), "")


def joined(lines: Sequence[Line]) -> str:
    """The words of some lines on one."""
    return " ".join(" ".join(line.text for line in lines).split())


def _is_title(words: str) -> bool:
    has_words = sum(map(str.isalpha, words)) >= 3
    return has_words and len(words) <= LONGEST_HEADING and words.casefold() not in CONTENTS


# --- which lines --------------------------------------------------------------------------------


def _candidates(pages: Sequence[PageLines]) -> Iterator[_Candidate]:
    body_size = _body_size(pages)
    bold_tells = _bold_share(pages) <= MOST_BOLD
    for page_index, page in enumerate(pages):
        for first, lines in _groups(page):
            if not _looks_like_a_heading(lines):
                continue
            if lines[0].size >= LARGER * body_size:
                yield _Candidate(page_index, first, lines, (-round(lines[0].size), 0))
            elif (
                bold_tells
                and lines[0].size >= SMALLER * body_size
                and _is_bold_heading(lines, page, first)
            ):
                style = -round(body_size), 1 + _rank(joined(lines))
                yield _Candidate(page_index, first, lines, style)


def _groups(page: PageLines) -> Iterator[tuple[int, Sequence[Line]]]:
    """Neighbouring lines that are set alike, but for rows of tables, heads and feet."""
    rows = page.in_tables()
    first = page.body.start
    for at in page.body:
        if at in rows:
            yield from _numbered(_alike(page.lines[first:at]), first)
            first = at + 1
    yield from _numbered(_alike(page.lines[first : page.body.stop]), first)


def _numbered(
    groups: Iterator[tuple[int, Sequence[Line]]], first: int
) -> Iterator[tuple[int, Sequence[Line]]]:
    for at, lines in groups:
        yield first + at, lines


def _alike(lines: Sequence[Line]) -> Iterator[tuple[int, Sequence[Line]]]:
    """Neighbouring lines of one size and weight, with the number of the first."""
    if not lines:
        return
    first = 0
    for at, (above, below) in enumerate(pairwise(lines), start=1):
        if not _belong_together(above, below):
            yield first, lines[first:at]
            first = at
    yield first, lines[first:]


def _belong_together(above: Line, below: Line) -> bool:
    is_near = 0 <= above.y - below.y < FARTHEST * below.size
    is_alike = abs(above.size - below.size) < 0.05 * below.size and above.is_bold == below.is_bold
    return is_near and is_alike and not (above.is_bold and NUMBERING.match(below.text))


def _looks_like_a_heading(lines: Sequence[Line]) -> bool:
    if len(lines) > MOST_LINES:
        return False
    title = joined(lines)
    return (
        (2 if _has_no_case(title[0]) else 3) <= len(title) <= LONGEST_HEADING
        and all(line.is_even for line in lines)
        and sum(map(str.isalpha, title)) >= 0.5 * len(title.replace(" ", ""))
        and (title[0].isdigit() or _begins_a_sentence(title))
        and not title.endswith(CLOSING)
        and not LEADERS.search(title)
        and not CAPTION.match(title)
    )


def _is_bold_heading(lines: Sequence[Line], page: PageLines, first: int) -> bool:
    """Whether bold lines of the text's size are a heading: numbered, or set off before text."""
    if not all(line.is_bold for line in lines):
        return False
    title = joined(lines)
    if _is_numbered(title):
        return True
    after_last = first + len(lines)
    if after_last >= page.body.stop or after_last in page.in_tables():
        return False
    is_set_off = first == page.body.start or (
        not 0 <= page.lines[first - 1].y - lines[0].y < SET_OFF * lines[0].size
    )
    following = page.lines[after_last]
    return is_set_off and not following.is_bold and _begins_a_sentence(following.text)


def _begins_a_sentence(text: str) -> bool:
    return text[0].isupper() or _has_no_case(text[0])


def _has_no_case(letter: str) -> bool:
    """Whether it is of a script without capitals, such as Chinese, Arabic or Hebrew."""
    return letter.isalpha() and letter.upper() == letter.lower()


def _is_numbered(title: str) -> bool:
    return any(pattern.match(title) for pattern in (PART, NAMED, DECIMAL))


def _rank(title: str) -> int:
    """How high a bold heading is by its numbering: parts, items and chapters, sections, others."""
    if PART.match(title):
        return 0
    if NAMED.match(title):
        return 1
    numbers = DECIMAL.match(title)
    return 2 + numbers[0].count(".") if numbers else MOST_LEVELS + 2


# --- the body's type ----------------------------------------------------------------------------


def _body_size(pages: Sequence[PageLines]) -> float:
    """The size that most characters have, by the lines they stand in."""
    characters: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            characters[round(line.size, 1)] += len(line.text)
    return characters.most_common(1)[0][0] if characters else 0.0


def _bold_share(pages: Sequence[PageLines]) -> float:
    lines = [line for page in pages for line in page.lines]
    bold = sum(len(line.text) for line in lines if line.is_bold)
    return bold / max(1, sum(len(line.text) for line in lines))
