"""One token after the other: by chance among the likely ones, or the likeliest with drafts.

With drafts, the model reads a token together with guesses of what follows it, and as many of them
count as it would have said itself: several tokens for one reading.

Are these the same tokens as without drafts? On processors a token's scores are the same to the
last bit whether it is read alone or with a few others: always so for SmolLM2, and for Phi-4's types
with up to 6 others mapped and 2 repacked. Beyond that a rounding may fall the other way, as it may
after a prompt that was read in other pieces. So where two tokens are nearly as likely, the batch
does not decide: the token before them is read again, alone. What stays in the cache is the batch's
all the same: of a repacked model with random weights, which finds every other token as likely as
the next, 2 answers of 40 differed from some token on; of mapped ones none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from rag.generation.live_sequence import LiveSequence
from rag.generation.prompt_lookup import PromptLookup


def sampled_tokens(sequence: LiveSequence, unread: Sequence[int], chain: Any) -> Iterator[int]:
    """Read what is unread, then pick tokens by the sampler's chain and read each, without end."""
    while True:
        sequence.read(unread)
        token = sequence.next_token(chain)
        yield token
        unread = [token]


def likeliest_tokens(sequence: LiveSequence, unread: Sequence[int]) -> Iterator[int]:
    """Read what is unread, then give the likeliest token and read it, without end."""
    while True:
        sequence.read(unread)
        token = sequence.likeliest()
        yield token
        unread = [token]


def drafted_tokens(
    sequence: LiveSequence,
    unread: Sequence[int],
    *,
    max_tokens: int,
    draft_tokens: int,
    end_tokens: Collection[int],
) -> Iterator[int]:
    """The same as `likeliest_tokens`, with drafts of up to `draft_tokens` tokens.

    No more than `max_tokens` are read, and nothing behind an end token.
    """
    lookup = PromptLookup([*sequence.tokens, *unread])
    sequence.read(unread)
    ready = [sequence.likeliest()]  # known to come next; all but the last were read
    while True:
        for token in ready:
            yield token
            lookup.add(token)
        max_tokens -= len(ready)
        draft = lookup.draft(min(draft_tokens, max_tokens - 1))
        ready = _read_with_draft(sequence, ready[-1], draft, end_tokens)


def _read_with_draft(
    sequence: LiveSequence, token: int, draft: Sequence[int], end_tokens: Collection[int]
) -> list[int]:
    """Read a token, and give what follows it: as much of the draft as is right, and one more."""
    if not draft:
        sequence.read([token])
        return [sequence.likeliest()]
    known, tried = len(sequence.tokens), [token, *draft]
    sequence.read_draft(tried)
    for place, guess in enumerate(draft):
        said = sequence.likeliest_in_draft(place)
        if said != guess or said in end_tokens:
            break
    else:
        place, said = len(draft), sequence.likeliest_in_draft(len(draft))
    if said is not None:
        sequence.keep(known + place + 1)
    else:
        sequence.keep(known + place)
        sequence.read([tried[place]])
        said = sequence.likeliest()
    return [*draft[:place], said]
