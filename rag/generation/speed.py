"""How fast a model reads and writes on this machine: measured in a few seconds.

What is done with it is others' to say; nothing is kept here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from rag.generation.live_sequence import LiveSequence
from rag.generation.local_model import LocalModel
from rag.generation.reserving import DRAFT_TOKENS
from rag.generation.templates import Message

PAYING_COST = 2.0
TEXT = "The ferry to the island leaves at eight, and the harbour office opens an hour before. " * 24
FIRST_TOKENS = 8  # read to find out how many can be
MOST_WORDS = 16  # enough for a median
ROOM_TOKENS = FIRST_TOKENS + MOST_WORDS + 2 * (1 + DRAFT_TOKENS)


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second; `draft_cost` is what a batch of drafted tokens costs, in single ones."""

    reading: float
    writing: float
    draft_cost: float

    @property
    def drafting_pays(self) -> bool:
        """Whether answers come sooner with drafts.

        A batch of a token and six guesses gives 4.1 tokens where an answer copies its evidence
        (SmolLM2 on the samples) and one where it does not; 2 are counted on. Processors are busy
        with one token already, so seven cost 4 to 7 times as much. Graphics cards wait for their
        memory meanwhile, and seven cost little more than one.
        """
        return 0 < self.draft_cost < PAYING_COST


def measure_speed(
    model: LocalModel, *, is_stopped: Callable[[], bool], seconds: float = 3.0
) -> Speed:
    """The speed of a loaded model, in about so many seconds where it reads 3 tokens in one.

    What the model has read stays read; where its context is nearly full, the last of it does not.
    Models that keep a state instead of a cache forget it all. Raises Stopped.
    """
    sequence = model.sequence
    known = sequence.keep(min(len(sequence.tokens), sequence.context_tokens - ROOM_TOKENS))
    tokens = model.render([Message("user", TEXT)])
    try:
        with sequence.stop_flag.follows(is_stopped):
            return _measured(sequence, tokens, seconds)
    finally:
        sequence.keep(known)


def _measured(sequence: LiveSequence, tokens: Sequence[int], seconds: float) -> Speed:
    """One share of the time each for a first token, a draft and words, and two for reading."""
    share_s = seconds / 5
    one_s = _seconds(sequence, tokens[:1])  # the first also waits for what no token needs again
    one_s = min(one_s, _seconds(sequence, tokens[:1]))
    reading = _reading_speed(sequence, tokens, share_s, one_s)
    word_s = _word_seconds(sequence, tokens, share_s)
    draft_s = (1 + DRAFT_TOKENS) / reading  # where there is no time to try it
    if draft_s < 2 * share_s:
        draft_s = _draft_seconds(sequence, tokens[: 1 + DRAFT_TOKENS])
    return Speed(reading, 1 / word_s, draft_s / word_s)


def _reading_speed(
    sequence: LiveSequence, tokens: Sequence[int], share_s: float, one_s: float
) -> float:
    """Of a few tokens, and then of as many as the time, a batch and the context allow."""
    first = max(2, min(FIRST_TOKENS, int(share_s / one_s)))
    speed = first / _seconds(sequence, tokens[:first])
    room = sequence.context_tokens - len(sequence.tokens) - ROOM_TOKENS
    count = min(int(share_s * speed), room)
    if count <= first:
        return speed
    return count / _seconds(sequence, tokens[:count])


def _word_seconds(sequence: LiveSequence, tokens: Sequence[int], share_s: float) -> float:
    """What picking and reading a token takes."""
    times: list[float] = []
    while not times or (sum(times) < share_s and len(times) < MOST_WORDS):
        times.append(_seconds(sequence, tokens[len(times) :][:1]))
    return median(times)


def _draft_seconds(sequence: LiveSequence, tokens: Sequence[int]) -> float:
    started = time.perf_counter()
    sequence.read_draft(tokens)
    sequence.likeliest_in_draft(len(tokens) - 1)
    return time.perf_counter() - started


def _seconds(sequence: LiveSequence, tokens: Sequence[int]) -> float:
    """What reading these and telling the next token takes."""
    started = time.perf_counter()
    sequence.read(tokens)
    sequence.likeliest()
    return time.perf_counter() - started
