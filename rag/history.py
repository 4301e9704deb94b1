"""Which turns of a long conversation a model still sees.

The oldest are dropped, whole, and several at once: then the prompts after it begin alike again,
and what was read of them need not be read again. Were only as many dropped as must be, at the
limit each question would drop another turn and read the whole conversation anew.
"""

from __future__ import annotations

from collections.abc import Sequence

KEPT = 0.5  # of the room, when turns are dropped


def dropped_count(sizes: Sequence[int], room: int) -> int:
    """How many of the oldest turns are dropped so that the others have room.

    It follows from the sizes alone, all of the conversation's, oldest first: the answer for a
    longer conversation is the same until a turn overflows the room. Then turns are dropped until
    half of the room is free. The newest turn is kept where it has room at all, since a follow-up
    leans on it.
    """
    first = held = 0
    for newest, size in enumerate(sizes):
        held += size
        if held <= room:
            continue
        while first < newest and held > KEPT * room:
            held -= sizes[first]
            first += 1
        if held > room:
            first, held = newest + 1, 0
    return first


def dropped_notes(count: int) -> tuple[str, ...]:
    """A sentence for the person where turns were dropped."""
    if not count:
        return ()
    which = "the first question" if count == 1 else f"the first {count} questions"
    return (f"The model no longer sees {which} of this conversation.",)
