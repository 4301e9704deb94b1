r"""The sides of equations, cut out of formulas and out of words.

Within words a side is what stands beside "=" and is made of numbers, single letters and operators;
where what stands next to it may change its meaning ("half of 10", "1 million"), it is doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.types import Span


@dataclass(frozen=True, slots=True)
class Side:
    """One side, and the relation to the next side behind it: "=", "≈" or nothing."""

    span: Span
    source: str
    relation: str
    is_doubtful: bool


_BREAK = re.compile(
    r"\\\\|\\(?:implies|iff|Rightarrow|Leftrightarrow|rightarrow|Longrightarrow|to|quad|qquad|"
    r"leq?|geq?|neq?|lt|gt|equiv|in|sim|propto|cong|mapsto|therefore|because|land|lor|ldots|dots|"
    r"cdots)(?![A-Za-z])|\\(?:text|mathrm|textbf|operatorname)\s*\{[^{}]*\}|:=|[<>≤≥≠≡∈⇒→…]|(?<!\\)[;:]|(?<!\\),\s"
    r"|\\begin\s*\{[^{}]*\}(?:\{[^{}]*\})?|\\end\s*\{[^{}]*\}"
)
_ROW = re.compile(r"\\\\|\\begin.*", re.DOTALL)
_EQUALS = re.compile(r"=|≈|\\approx(?![A-Za-z])|\\simeq(?![A-Za-z])")
_BOX = re.compile(r"\\boxed\s*\{")
_UNIT = re.compile(
    r"\s*\(?\s*(?:mod|k|[kcmdµn]?[mgls]|km|[kmcd]?m[²³23]|kB|[KMGT]i?B|h|min|ms|ha|t|lb|oz|ft|in|"
    r"yd|mi|Hz|[kM]?W|[kM]?Wh|J|N|V|A|Pa|bar|°|percent|per ?cent|Prozent|cents?|ct|hours?|minutes?|"
    r"seconds?|days?|weeks?|months?|years?|quarters?|hundreds?|thousands?|thousandths?|hundredths?|"
    r"tenths?|dozens?|millions?|billions?|trillions?|Mio|Mrd|Tausend|Million(?:en)?|"
    r"Milliarden?|Stunden?|Minuten?|Sekunden?|Tagen?|Wochen?|Monaten?|Jahren?|lit(?:er|re)s?|"
    r"met(?:er|re)s?|kilo\w*|centi\w*|milli\w*|grams?|tons?|tonnes?|inch(?:es)?|feet|foot|miles?|"
    r"bits?|bytes?|in (?:binary|base|hex)|times|plus|minus|divided|multiplied|squared|cubed|over|"
    r"of|and a|remainder|R|r)(?![\w])"
)
_TURNING = re.compile(
    r"(?:\b(?:of|half|twice|thrice|double|triple|quarter|third|times|plus|minus|by|over|per|root|"
    r"squared|cubed|log|ln|sin|cos|tan|mod|modulo|sum|product|difference|from|than|base|pages?|"
    r"von|mal|durch|halb\w*|weniger|minus)|[\w%²³)\]}_^$€£]\s*[-+±*/×·÷^−–]|\d)\s*$",
    re.IGNORECASE,
)

_BLANK = " \t\v\u00a0\u202f"
_BOLD = re.compile(r"(?<!\S)\*{1,3}(?=[^\s*])|(?<=[^\s*])\*{1,3}(?![\w(*])|(?<!\w)_+(?=\w)")
_LIST_MARK = re.compile(r"^[ \t>]*(?:[-*+]|\d{1,3}[.)])[ \t]+", re.MULTILINE)
_TIMES = re.compile(r"(?<=\d) ?x ?(?=\d)|(?<=\)) ?x ?(?=\()")
_EQUALS_WORD = re.compile(r"(?<=[\d)%]) (?:equals|is equal to|gives|makes)(?= [-\d(√$€£])")
_SHARE_IS = re.compile(r"(\d ?% of [$€£]?[\d.,]+) (is|are)(?= [$€£]?\d)")
_ARTICLE = re.compile(r"^[aAI] (?=[\d(√-])|(?<=[\d)]) [aAI]$")
_CLAUSE_END = re.compile(r"[,.](?=\s)")
_ASIDE = re.compile(r"(?<=[\d%)!]) \(")  # 5 (a joke)
_JOINED_BEFORE = re.compile(r"[^\s(\[{|,:;*_\"“„>]\Z")
_JOINED_BEHIND = re.compile(r"[\w'’\"/\\@#]")
_NEAR = 60  # characters before a side that may change it
_LONGEST = 3000  # of a line or a formula; no answer computes in longer ones
# Without the second plus, a long row of digits could be cut in very many ways.
_WORDS_SIDE = re.compile(
    r"(?:(?<![A-Za-z])[fghFGH]['′]{0,3}(?=\()|(?<![A-Za-z])(?:sqrt|sin|cos|tan|ln|log|of|pi|d[a-z]|d/d[a-z])(?![A-Za-z])|"
    r"(?<![A-Za-z\d'’])\d*[A-Za-z](?![A-Za-z'’])|\d[\d.,]*\d|\d|"
    r"[-+±−–*×·⋅÷/^()√∛∫%!°²³⁰¹⁴⁵⁶⁷⁸⁹⁻½¼¾π$€£,.]|[ \t\u00a0\u202f])++"
)


def in_formula(text: str, span: Span) -> Iterator[list[Side]]:
    """The chains of a formula's equations; a row that begins with "=" goes on with the last."""
    if span.end - span.start > _LONGEST:
        return
    content = _unboxed(text[span.start : span.end])
    chain: list[Side] = []
    for start, end, is_row_end in _pieces(content):
        sides = _sides(content, start, end, span.start)
        if sides and not sides[0].source.strip(" &") and chain:
            last = chain.pop()
            sides[0] = Side(last.span, last.source, sides[0].relation, last.is_doubtful)
            chain += sides
        else:
            yield chain
            chain = sides
        if not is_row_end:
            yield chain
            chain = []
    yield chain


def _unboxed(content: str) -> str:
    """Of the same length, without the brackets of boxes."""
    while box := _BOX.search(content):
        end = _closing(content, box.end())
        blank = " " * len(box[0])
        content = (
            content[: box.start()] + blank + content[box.end() : end] + " " + content[end + 1 :]
        )
    return content


def _closing(content: str, start: int) -> int:
    """Where the bracket is closed that is open here."""
    for end in range(start, len(content)):
        if content[end] == "}" and not _depth(content[start:end]):
            return end
    return len(content)


def _pieces(content: str) -> Iterator[tuple[int, int, bool]]:
    """Between the breaks, and whether a new row is what ends each."""
    start = 0
    for match in _BREAK.finditer(content):
        if not _depth(content[: match.start()]):
            yield start, match.start(), _ROW.match(match[0]) is not None
            start = match.end()
    yield start, len(content), False


def _depth(content: str) -> int:
    """How many brackets are open at the content's end."""
    return sum(content.count(sign) for sign in "{(") - sum(content.count(sign) for sign in "})")


def _sides(content: str, start: int, end: int, offset: int) -> list[Side]:
    sides: list[Side] = []
    at = start
    is_doubtful = _UNIT.match(_following(content, end)) is not None
    found = _EQUALS.finditer(content, start, end)
    outermost = [match for match in found if not _depth(content[: match.start()])]
    for match in (*outermost, None):
        side_end = match.start() if match else end
        relation = "" if match is None else "=" if match[0] == "=" else "≈"
        source = content[at:side_end]
        lead = len(source) - len(source.lstrip(" \n\t&"))
        stop = at + len(source.rstrip(" \n\t&.,"))
        span = Span(offset + at + lead, offset + max(at + lead, stop))
        sides.append(Side(span, content[at + lead : max(at + lead, stop)], relation, is_doubtful))
        at = match.end() if match else end
    return sides


def _following(content: str, end: int) -> str:
    r"""What stands behind a side, without the sign that makes it words: \text{ km}."""
    return re.sub(r"^\\[a-z]+\s*\{", "", content[end : end + 40])


def in_words(text: str, span: Span) -> Iterator[list[Side]]:
    """The chains of the equations in words, line by line."""
    words = _plain(text[span.start : span.end])
    start = 0
    for line in words.splitlines(keepends=True):
        if len(line) < _LONGEST:
            yield from _in_line(line, span.start + start)
        start += len(line)


def _plain(words: str) -> str:
    """Of the same length, without Markdown's signs; "is" between numbers is "="."""
    words = _BOLD.sub(lambda match: " " * len(match[0]), words)
    words = _LIST_MARK.sub(lambda match: "\v" * len(match[0]), words)
    words = _TIMES.sub(lambda match: match[0].replace("x", "×"), words)
    words = _EQUALS_WORD.sub(lambda match: " " + "=".ljust(len(match[0]) - 1), words)
    return _SHARE_IS.sub(lambda match: f"{match[1]} {'='.ljust(len(match[2]))}", words)


def _in_line(line: str, offset: int) -> Iterator[list[Side]]:
    at = 0
    chain: list[Side] = []
    for piece in re.split(r"([=≈])", line):
        is_relation = piece in ("=", "≈")
        if is_relation and chain:
            last = chain.pop()
            chain.append(Side(last.span, last.source, piece, last.is_doubtful))
        elif not is_relation:
            is_first, is_last = not chain, at + len(piece) >= len(line)
            is_side = _WORDS_SIDE.fullmatch(piece) and not _CLAUSE_END.search(piece)
            if is_side and not is_first and not is_last:
                chain.append(_word_side(line, offset, at, at + len(piece)))
            else:
                if not is_first:
                    head = _WORDS_SIDE.match(piece)
                    chain.append(_word_side(line, offset, at, at + (head.end() if head else 0)))
                    yield chain
                chain = [_tail_side(line, offset, at, at + len(piece))]
        at += len(piece)


def _tail_side(line: str, offset: int, start: int, end: int) -> Side:
    """The side that ends here; what stands before it must not change what it is."""
    begin = end
    for match in _WORDS_SIDE.finditer(line, start, end):
        if match.end() == end:
            begin = match.start()
    begin = _after_comma(line, begin, end)
    return _word_side(line, offset, begin, end)


def _after_comma(line: str, begin: int, end: int) -> int:
    """Behind the last comma or full stop that ends a clause."""
    clauses = list(_CLAUSE_END.finditer(line[begin:end]))
    return begin + clauses[-1].end() if clauses else begin


def _word_side(line: str, offset: int, start: int, end: int) -> Side:
    source = line[start:end]
    clause = _CLAUSE_END.search(source) or _ASIDE.search(source)
    if clause and source[: clause.start()].strip(_BLANK):
        source = source[: clause.start()]
    begin = start + len(source) - len(source.lstrip(_BLANK))
    end = max(begin, start + len(source.rstrip(_BLANK + ",.")))
    if article := _ARTICLE.search(line[begin:end]):
        begin, end = (begin + 2, end) if article.start() == 0 else (begin, end - 2)
    if _is_cut_out(line, begin, end):
        return Side(Span(offset + begin, offset + end), "", "", True)
    before = line[max(0, begin - _NEAR) : begin]
    is_doubtful = bool(_TURNING.search(before) and not before.rstrip().endswith("="))
    is_doubtful |= _UNIT.match(line, end) is not None
    is_doubtful |= _leads_with_sign(line, begin)
    return Side(Span(offset + begin, offset + end), line[begin:end], "", is_doubtful)


def _is_cut_out(line: str, begin: int, end: int) -> bool:
    """Whether it is a piece of something longer: 5 of 5px, (x) of name(x)."""
    before, behind = line[:begin].rstrip("=≈"), line[end:]
    is_after_sign = before != line[:begin]
    is_joined = not is_after_sign and _JOINED_BEFORE.search(before) is not None
    return is_joined or _JOINED_BEHIND.match(behind) is not None


def _leads_with_sign(line: str, begin: int) -> bool:
    """Whether a word stands before a side that begins with an operator: "60 min - 30 = 30"."""
    before = line[:begin].rstrip()
    is_word = bool(before) and (before[-1].isalnum() or before[-1] in ")]}%°")
    return is_word and line[begin : begin + 1] in tuple("+-±−–*×·/÷^")
