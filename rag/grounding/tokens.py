"""A text's words in order, as all signals compare them: how each is written, and its stem."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.words import STOP_WORDS, stem

KIN_LETTERS = 6  # words of at least as many letters are kin where as many are the same

# "e-mail" is two words here, so that "one-day" holds "one"; "KX-200" and "bli-3" stay whole.
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:-?\d[\w-]*|['\u2019][^\W\d_]+)?|\w+")
_SENTENCE_END = re.compile(r"[.!?:]['\"\u201d)]*\s*$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word: `lower` has no genitive ending, `key` is what kin words share."""

    written: str
    lower: str
    key: str
    is_first: bool  # in its sentence, where a capital says nothing
    start: int

    @property
    def matters(self) -> bool:
        """Whether it is a content word; a single letter is none."""
        return self.lower not in STOP_WORDS and (len(self.lower) > 1 or self.lower.isdigit())


def tokens_of(text: str) -> tuple[Token, ...]:
    """All words of the text, in order."""
    found: list[Token] = []
    end = 0
    for match in _WORD.finditer(text):
        is_first = not found or _SENTENCE_END.search(text, end, match.start()) is not None
        lower = match[0].lower().replace("\u2019", "'").removesuffix("'s")
        found.append(Token(match[0], lower, key_of(lower), is_first, match.start()))
        end = match.end()
    return tuple(found)


def key_of(word: str) -> str:
    """What kin words share: the stem, of long words its first letters."""
    root = stem(word)
    return root[:KIN_LETTERS] if root.isalpha() else root
