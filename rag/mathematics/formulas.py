r"""Where formulas and code stand in Markdown, whether it is all there or still being written.

Formulas are `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, by pandoc's rules, so that prices are none. What
they mean is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from rag.types import Span

LONGEST_INLINE = 600  # characters; an opening without an end in them was none
LONGEST_DISPLAY = 6000

_OPENINGS = re.compile(r"^[ \t]*(?:>[ \t]*)*(```+|~~~+)|\\\(|\\\[|\\.|\$\$|\$|`+", re.M | re.S)
_FENCE_TAIL = re.compile(r"[^\n`]*\n")
_PRICE = re.compile(r"\d[\d.,]*(?:\s+[^\W\d_]{2}|[kKmMbB]?[,;:]?\s+\()")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


class Kind(Enum):
    """What a part of a text is."""

    INLINE = "inline"
    DISPLAY = "display"
    CODE = "code"
    FENCE = "fence"


@dataclass(frozen=True, slots=True)
class Part:
    """A formula or code; `content` is what stands between its signs. An open one has no end yet."""

    kind: Kind
    span: Span
    content: str
    is_open: bool = False

    @property
    def is_formula(self) -> bool:
        """Whether it is mathematics."""
        return self.kind in (Kind.INLINE, Kind.DISPLAY)


def parts(text: str, *, start: int = 0, is_whole: bool = True) -> Iterator[Part]:
    """Formulas and code from `start` on, in the order of the text; what lies between is words.

    Where the text is still being written, what has begun may be the last, and is open.
    """
    at = start
    while match := _OPENINGS.search(text, at):
        part = _part(text, match, is_whole)
        if part is None:
            at = match.end()
            continue
        yield part
        at = part.span.end
        if part.is_open:
            return


def formula_at(text: str, at: int) -> Part | None:
    """The formula whose first sign stands at this place."""
    match = _OPENINGS.match(text, at)
    part = _part(text, match, is_whole=True) if match else None
    return part if part and part.is_formula else None


def _part(text: str, match: re.Match[str], is_whole: bool) -> Part | None:
    sign = match[0]
    if match[1]:
        return _fence(text, match, is_whole)
    if sign.startswith("`"):
        return _code(text, match, is_whole)
    if sign == "$":
        return _dollars(text, match, is_whole)
    if sign == "$$":
        return _enclosed(text, match, "$$", is_whole)
    if sign == r"\(":
        return _enclosed(text, match, r"\)", is_whole)
    if sign == r"\[":
        return _enclosed(text, match, r"\]", is_whole)
    return None


def _fence(text: str, match: re.Match[str], is_whole: bool) -> Part | None:
    """An unclosed fence goes on to the end, as CommonMark has it."""
    tail = _FENCE_TAIL.match(text, match.end())
    if tail is None:
        is_code = match[1].startswith("`") and "`" in text[match.end() :].split("\n")[0]
        return None if is_whole or is_code else _open(text, match, Kind.FENCE, match.end())
    closing = re.compile(rf"^[ \t>]*{re.escape(match[1])}{match[1][0]}*[ \t]*$", re.M)
    end = closing.search(text, tail.end())
    if end is None or _may_go_on(end, text, is_whole):
        part = _open(text, match, Kind.FENCE, tail.end())
        return part if not is_whole else Part(part.kind, part.span, part.content)
    return Part(Kind.FENCE, Span(match.start(), end.end()), text[tail.end() : end.start()])


def _code(text: str, match: re.Match[str], is_whole: bool) -> Part | None:
    end = re.compile(rf"(?<!`){match[0]}(?!`)").search(text, match.end())
    blank = _BLANK_LINE.search(text, match.end())
    is_closed = end is not None and not (blank and blank.start() < end.start())
    if end and is_closed and not _may_go_on(end, text, is_whole):
        content = text[match.end() : end.start()].strip()
        return Part(Kind.CODE, Span(match.start(), end.end()), content)
    if is_whole or blank or len(text) - match.start() > LONGEST_INLINE:
        return None
    return _open(text, match, Kind.CODE, match.end())


def _dollars(text: str, match: re.Match[str], is_whole: bool) -> Part | None:
    """Pandoc's rule: no space within the signs and no digit behind them; so "$5 and $6" is none."""
    start = match.end()
    limit = text[start : start + LONGEST_INLINE]
    if limit[:1].isspace() or _PRICE.match(limit):
        return None
    blank = _BLANK_LINE.search(limit)
    end = _sign(limit, "$")
    if end is None or (blank and blank.start() < end):
        is_over = is_whole or blank is not None or len(limit) == LONGEST_INLINE
        return None if is_over else _open(text, match, Kind.INLINE, start)
    behind = limit[end + 1 : end + 2]
    if not behind and not is_whole:
        return _open(text, match, Kind.INLINE, start)
    if not end or limit[end - 1].isspace() or behind.isdigit() or behind == "$":
        return None
    return Part(Kind.INLINE, Span(match.start(), start + end + 1), limit[:end])


def _enclosed(text: str, match: re.Match[str], closing: str, is_whole: bool) -> Part | None:
    is_inline = closing == r"\)"
    kind = Kind.INLINE if is_inline else Kind.DISPLAY
    longest = LONGEST_INLINE if is_inline else LONGEST_DISPLAY
    limit = text[match.end() : match.end() + longest]
    end = _sign(limit, closing)
    blank = _BLANK_LINE.search(limit) if is_inline else None
    if end is not None and limit[:end].strip() and not (blank and blank.start() < end):
        content = limit[:end].strip()
        return Part(kind, Span(match.start(), match.end() + end + len(closing)), content)
    if is_whole or end is not None or blank or len(limit) == longest:
        return None
    return _open(text, match, kind, match.end())


def _sign(text: str, sign: str) -> int | None:
    """Where a sign stands that no backslash takes back."""
    at = 0
    while at < len(text):
        if text.startswith(sign, at):
            return at
        at += 2 if text[at] == "\\" else 1
    return None


def _may_go_on(closing: re.Match[str], text: str, is_whole: bool) -> bool:
    """Whether the next words can make another sign of a closing one."""
    return not is_whole and closing.end() == len(text)


def _open(text: str, match: re.Match[str], kind: Kind, content: int) -> Part:
    return Part(kind, Span(match.start(), len(text)), text[content:], is_open=True)
