"""Evidence for a question that is still being typed: what was read of it, and what of that is kept.

With each word other sentences are the best ones: of those for the whole question 79 % were wanted
one word before its end, 57 % three words before it, and hardly ever just the same. So what was
read is not thrown away for that. It stands first in the prompt, as it was read, and what is wanted
besides comes behind it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import takewhile

from rag.errors import Stopped
from rag.evidence import LABEL_TOKENS
from rag.generation import LanguageModel
from rag.generation.templates import Message
from rag.prompting import Count, Evidence, Prompt, numbered
from rag.types import Scope, Turn

MOST_OVER = 1.25  # times the evidence that is wanted, with what was read for nothing
SETTLED = 0.5  # of what is wanted, wanted before
PAUSE_S = 0.8  # somebody who types on makes few that long
ASK_EVERY_S = 0.05


class ReadingAhead:
    """What of the evidence was read for one question as far as it went.

    It holds for one part of the library and one conversation: elsewhere it begins anew.
    """

    def __init__(self) -> None:
        self._place: tuple[Scope, tuple[Turn, ...]] | None = None
        self.forget()

    def begin(self, scope: Scope, history: tuple[Turn, ...]) -> None:
        """What follows is for a question put to this part after these turns."""
        if self._place != (scope, history):
            self._place = (scope, history)
            self.forget()

    def forget(self) -> None:
        """The model reads something else now."""
        self._read: Evidence = ()  # in the model's cache, in this order
        self._is_last_whole = True  # else its reading was stopped
        self._wanted: Evidence = ()
        self._wanted_before: Evidence = ()

    def arrange(self, wanted: Evidence, tokens: int, count: Count) -> Evidence:
        """The evidence that is wanted, behind as much of what was read as leaves least to read.

        Nothing that is wanted is left out. Together it has at most about so many tokens, unless
        what is wanted has more already.
        """
        self._wanted = wanted
        best, least = wanted, float(_cost(wanted, count))
        for kept in (self._read[:number] for number in range(1, len(self._read) + 1)):
            more = _beyond(kept, wanted)
            left = _cost(more, count) + self._unread(kept, count)
            if left <= least and _cost(kept, count) + _cost(more, count) <= tokens:
                best, least = (*kept, *more), left
        return best

    def has_settled(self, count: Count) -> bool:
        """Whether what is wanted was mostly wanted when this was last asked."""
        before, self._wanted_before = self._wanted_before, self._wanted
        new = _cost(_beyond(before, self._wanted), count)
        return bool(before) and new <= (1 - SETTLED) * _cost(self._wanted, count)

    def steps(self, evidence: Evidence) -> range:
        """How many of these excerpts the model is to have read after each step of reading."""
        pairs = zip(self._read, evidence, strict=False)
        alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        is_begun = 0 < alike == len(self._read) and not self._is_last_whole
        return range(alike if is_begun else alike + 1, len(evidence) + 1)

    def read(self, model: LanguageModel, prompt: Prompt, is_stopped: Callable[[], bool]) -> None:
        """Have it read, an excerpt at a time, and the question as far as it goes. Raises Stopped.

        An excerpt at a time, so that a stop leaves it known how far the reading came.
        """
        for number in self.steps(prompt.evidence):
            part = prompt.evidence[:number]
            messages = (*prompt.messages[:-1], Message("user", numbered(part)))
            self.note(part, is_read=False)
            model.read_ahead(messages, is_stopped=is_stopped)
            self.note(part, is_read=True)
        model.read_ahead(prompt.messages, is_stopped=is_stopped)

    def note(self, evidence: Evidence, *, is_read: bool) -> None:
        """These are in the cache; the last of them only in part, unless it `is_read`."""
        self._read, self._is_last_whole = evidence, is_read

    def _unread(self, kept: Evidence, count: Count) -> float:
        """How much of the kept is still to be read: half of what was begun, as a guess."""
        if self._is_last_whole or len(kept) < len(self._read):
            return 0.0
        return _cost(kept[-1:], count) / 2


def wait_for_pause(is_stopped: Callable[[], bool]) -> None:
    """Until nothing more is typed for a moment; what is typed stops this. Raises Stopped."""
    until = time.perf_counter() + PAUSE_S
    while time.perf_counter() < until:
        if is_stopped():
            raise Stopped
        time.sleep(ASK_EVERY_S)


def _beyond(kept: Evidence, wanted: Evidence) -> Evidence:
    """What of the wanted stands in none of the kept."""
    cut = (excerpt.without(kept) for excerpt in wanted)
    return tuple(excerpt for excerpt in cut if excerpt is not None)


def _cost(evidence: Evidence, count: Count) -> int:
    return sum(count(f"{each.place}\n{each.text}") + LABEL_TOKENS for each in evidence)
