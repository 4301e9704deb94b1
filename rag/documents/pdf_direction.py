"""The order in which a line of a PDF is read, where some of its letters run from right to left.

PDFium turns words that were drawn from left to right into reading order, one by one. It turns the
words of a stated text (ActualText, ISO 32000-2, 14.9.4) as well, which needed no turning, and
leaves the words of a quotation inside a left-to-right line in the order in which they stand.
"""

import re
from collections.abc import Iterator, Sequence

# Hebrew, Arabic, Syriac, Thaana, N'Ko and their kin, with the shapes of their letters.
LETTER = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff"
RIGHT_TO_LEFT = re.compile(f"[{LETTER}]")
STRETCH = re.compile(f"[{LETTER}]+(?:\\s+[{LETTER}]+)*")
WORD_OR_BLANK = re.compile(r"\s+|\S+")


def logical_order(text: str, places: Sequence[float]) -> list[int]:
    """The numbers of the text's characters in the order in which they are read.

    `places` says where each character stands from left to right.
    """
    order: list[int] = []
    for stretch in STRETCH.finditer(text):
        order += range(len(order), stretch.start())
        order += _stretch(stretch, places)
    return [*order, *range(len(order), len(text))]


def _stretch(stretch: re.Match[str], places: Sequence[float]) -> Iterator[int]:
    first = stretch.start()
    words = [
        range(first + word.start(), first + word.end())
        for word in WORD_OR_BLANK.finditer(stretch[0])
    ]
    runs_to_the_right = places[words[0].start] < places[words[-1].start]
    for word in reversed(words) if runs_to_the_right else words:
        yield from reversed(word) if _is_stated(word, places) else word


def _is_stated(word: range, places: Sequence[float]) -> bool:
    """Whether all of a word stands at one place, as PDFium has it for a stated text."""
    return len(word) > 1 and len({places[at] for at in word}) == 1
