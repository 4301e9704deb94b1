"""A model at work on one prompt: its words as they come, and what they cost."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator

from rag.errors import Stopped
from rag.generation import LanguageModel
from rag.history import dropped_notes
from rag.prompting import Prompt
from rag.types import Answer, Citation, Claim, Retrieval, Timings, Turn

LOOP_CHARACTERS = 60  # said for the third time, they are a loop

log = logging.getLogger(__name__)


class Writing:
    """The words as they come, when it is iterated over, once; then `text` holds all of them.

    Raises ContextTooSmall, and Stopped where that comes before the first word. A later stop ends
    the words, and is told by `was_stopped`.
    """

    def __init__(
        self,
        model: LanguageModel,
        prompt: Prompt,
        *,
        answer_tokens: int,
        is_stopped: Callable[[], bool],
        started: float,
        searched: str = "",
    ) -> None:
        """`started` is when the question was asked, by `time.perf_counter`.

        `searched` is the question as it was searched with, empty where nothing was.
        """
        self.model = model
        self.text = ""
        self.was_stopped = False
        self._prompt = prompt
        self._answer_tokens = answer_tokens
        self._is_stopped = is_stopped
        self._started = started
        self._searched = searched
        self._first_token = 0.0
        self._finished = 0.0

    def __iter__(self) -> Iterator[str]:
        pieces = self.model.generate(
            self._prompt.messages,
            max_tokens=self._answer_tokens,
            temperature=0.0,
            is_stopped=self._is_stopped,
        )
        try:
            for piece in pieces:
                self._first_token = self._first_token or self._elapsed()
                self.text += piece
                yield piece
                if _is_looping(self.text):
                    log.info("the model repeats itself and is stopped")
                    break
        except Stopped:
            if not self.text:
                raise
            self.was_stopped = True
        self._finished = self._elapsed()

    def answer(
        self,
        text: str,
        found: Retrieval,
        *,
        words: str = "",
        claims: tuple[Claim, ...] = (),
        citations: tuple[Citation, ...] = (),
        is_abstention: bool = False,
    ) -> Answer:
        """The answer that came of it, with what it cost."""
        first = self._first_token or self._finished
        return Answer(
            text=text,
            words=words,
            is_abstention=is_abstention,
            claims=claims,
            citations=citations,
            passages=found.passages,
            evidence=found.evidence,
            # Letter for letter, white space too: the next prompt then has the very tokens of this.
            turn=Turn(self._prompt.question_text, self.text, self._searched),
            tokens=self.model.usage,
            timings=Timings(found.seconds, first, self._finished - first, self._elapsed()),
            model=self.model.name,
            notes=(*found.notes, *dropped_notes(self._prompt.dropped_turn_count)),
            was_stopped=self.was_stopped,
        )

    def _elapsed(self) -> float:
        return time.perf_counter() - self._started


def _is_looping(text: str) -> bool:
    """Whether its end has been said twice before: small models go round in circles."""
    end = text[-LOOP_CHARACTERS:]
    return len(end) == LOOP_CHARACTERS and text.count(end) >= 3
