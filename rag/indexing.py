"""A text as the full-text index reads it: stems of its language, numbers and identifiers whole.

What comes out is for SQLite's tokenizer `unicode61`, which only has to part it at spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from unicodedata import decomposition

from rag.languages import stems_of

# Scripts that put no spaces between words: Thai to Khmer, kana, Chinese characters, Hangul (whose
# words carry endings that no space parts).
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
)
_PIECE = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_GENITIVE = re.compile(r"(?<=\w)'s\b")
_APOSTROPHE = "\u2019"
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")

_ACCENTED = [chr(code) for code in range(0xC0, 0x250) if decomposition(chr(code))[:1] == "0"]
_PLAIN = {ord(letter): int(decomposition(letter).split()[0], 16) for letter in _ACCENTED}


def index_text(text: str, language: str) -> str:
    """The text's pieces in order, with a space between two.

    A word becomes its stem in `language` (see `rag.languages`), without accents. "1,200" is
    "1200". What stands together in an identifier ("E4-120.b") stands together still. Scripts
    without spaces become overlapping pairs of characters: most Chinese words have two.
    """
    indexed = " ".join(stems_of(_pieces(text), language))
    return indexed if indexed.isascii() else indexed.translate(_PLAIN)


def query_forms(word: str, languages: Iterable[str]) -> tuple[str, ...]:
    """What to look for when a question holds this word: its form in each language, each once."""
    return tuple(dict.fromkeys(filter(None, (index_text(word, code) for code in languages))))


def is_unspaced(word: str) -> bool:
    """Whether a word is of a script that puts no spaces between words."""
    return bool(_IS_UNSPACED.match(word))


def pairs_of(run: str) -> Iterator[str]:
    """The overlapping pairs of characters of a run; one character stays alone."""
    if len(run) == 1:
        yield run
    for first, second in pairwise(run):
        yield first + second


def _pieces(text: str) -> list[str]:
    plain = text.lower().replace(_APOSTROPHE, "'")
    if "'s" in plain:
        plain = _GENITIVE.sub("", plain)
    if "," in plain:
        plain = _THOUSANDS.sub("", plain)
    pieces = _PIECE.findall(plain)
    if _IS_UNSPACED.search(plain):
        return [part for piece in pieces for part in _parts(piece)]
    return pieces


def _parts(piece: str) -> Iterator[str]:
    return pairs_of(piece) if is_unspaced(piece) else iter((piece,))
