"""Finding a claim's sentence in an answer as it is shown, so that it can be marked there."""

from __future__ import annotations

from collections.abc import Sequence

from rag.types import Span


def locate(claim: str, shown: str, chips: Sequence[Span] = ()) -> Span | None:
    """Where the claim stands in the shown text; None where it is not found.

    Letters and digits alone are compared: the claim is Markdown without markers, the shown text
    has neither the signs of Markdown nor the same spaces. `chips` are spans of `shown` to skip.
    """
    sought = "".join(character for character in claim.casefold() if character.isalnum())
    hidden = {position for chip in chips for position in range(chip.start, chip.end)}
    letters: list[str] = []
    positions: list[int] = []
    for position, character in enumerate(shown):
        if character.isalnum() and position not in hidden:
            for letter in character.casefold():  # one character may fold into several
                letters.append(letter)
                positions.append(position)
    found = "".join(letters).find(sought) if sought else -1
    if found < 0:
        return None
    return Span(positions[found], positions[found + len(sought) - 1] + 1)
