"""What a text looks like to the full-text index and to the embedder: `fold`.

The text itself stays as it was read, and so do all offsets; nobody is ever shown what is folded.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence

WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
LETTERS = re.compile(r"[^\W\d_]+")
LINE_END_HYPHEN = re.compile(r"(?<=\w)([-\u00ad])[^\S\r\n]*(?:\r\n|\r|\n)\f?[^\S\r\n]*(?=\w)")
LAST_PART, FIRST_PART = re.compile(r"[^\W_]*\Z"), re.compile(r"\A[^\W_]*")
LONGEST_PART = 40  # characters: of a word's half, before and after the line's end

# Soft hyphens, zero-width spaces, word joiners, byte order marks and marks of writing direction.
# Zero-width joiners stay: in some scripts they are spelling.
UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")

# Ligatures, Arabic letters by their shape, letters of full or half width and of mathematical
# type: other pictures of the same letters. Not raised digits, fractions and the like, where
# compatibility changes what is said: 10 squared is not 102.
OTHER_PICTURES = re.compile("[\u017f\ufb00-\ufdfb\ufe70-\ufefc\uff01-\uff9f\U0001d400-\U0001d7ff]+")


def fold(text: str, *, words: Collection[str] = ()) -> str:
    """The text on one line, with its words whole and spelled in plain letters.

    A word parted at a line's end is joined, unless `words`, or the text itself, speak for a
    compound that has its hyphen anyway (see `words_in`).
    """
    if text.isascii() and "-" not in text:
        return " ".join(text.split())
    text = OTHER_PICTURES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = _plain_hyphens(text)
    if LINE_END_HYPHEN.search(text):
        known = words or words_in(text)
        text = LINE_END_HYPHEN.sub(lambda hyphen: _joint(hyphen, known), text)
    text = unicodedata.normalize("NFC", UNSEEN.sub("", text))
    return " ".join(text.split())


def with_titles(text: str, title: str, heading_path: Sequence[str]) -> str:
    """A passage as the embedder reads it: title and heading path in front, they carry meaning."""
    return " > ".join([title, *heading_path]) + "\n" + text


def words_in(text: str) -> frozenset[str]:
    """The words of a text, in lower case, those with hyphens in them whole: what `fold` asks.

    The parts of words that a line's end has parted are none.
    """
    text = _plain_hyphens(text)
    whole, done = [], 0
    for hyphen in LINE_END_HYPHEN.finditer(text):
        left, right = _halves(hyphen)
        whole.append(text[done : hyphen.start() - len(left)])
        done = max(done, hyphen.end() + len(right))
    return frozenset(WORD.findall(" ".join([*whole, text[done:]]).lower()))


def _plain_hyphens(text: str) -> str:
    return text.replace("\u2010", "-").replace("\u2011", "-")


def _joint(hyphen: re.Match[str], words: Collection[str]) -> str:
    """What comes in the place of a hyphen at a line's end: nothing, or a hyphen."""
    left, right = (part.lower() for part in _halves(hyphen))
    if hyphen[1] == "\u00ad" or left + right in words:
        return ""
    if f"{left}-{right}" in words or (left in words and right in words):
        return "-"
    follows = hyphen.string[hyphen.end()]
    are_letters = LETTERS.fullmatch(left) and LETTERS.fullmatch(right)
    return "" if are_letters and follows.islower() else "-"


def _halves(hyphen: re.Match[str]) -> tuple[str, str]:
    """The parts of a word before and after a hyphen; empty where there is none."""
    before = hyphen.string[max(0, hyphen.start() - LONGEST_PART) : hyphen.start()]
    after = hyphen.string[hyphen.end() : hyphen.end() + LONGEST_PART]
    (left,), (right,) = LAST_PART.findall(before)[:1], FIRST_PART.findall(after)[:1]
    return left, right
