"""Which of what a model has read is kept on the disk, and when it is taken from there.

A conversation that is gone back to, yesterday's too, is loaded instead of read again: for Phi-4
a second instead of minutes. There are no conversations here, only tokens: of all states the one
counts that begins most like the prompt. What a state looks like on the disk is
`rag.generation.state_folder`'s to say.

A state holds what documents say. Whoever takes a document out of the library calls `forget_all`.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.generation.live_sequence import LiveSequence
from rag.generation.state_folder import SavedState, StateFolder

log = logging.getLogger(__name__)

# So many tokens forgotten mean that another conversation begins; fewer are an answer that was
# written a little otherwise than it is repeated.
ANOTHER_TOKENS = 200
LOADED_BYTES_PER_S = 300e6  # until one was loaded: less than what SSDs do
LEFT_FREE_BYTES = 1_000_000_000  # of the disk, for others


def forget_all(folder: Path) -> None:
    """Remove all states in a folder but system prompts, for whoever has no model loaded."""
    states = StateFolder(folder)
    for state in states:
        if not state.is_lasting:
            states.remove(state)


class SavedStates:
    """The states of one model with one choice of settings, in a folder that others share.

    Nothing here fails: what cannot be saved or loaded is logged, and will be read again.
    """

    def __init__(
        self,
        folder: Path,
        *,
        budget_bytes: int,
        fingerprint: str,
        reading_tokens_per_s: float = 100.0,
        keeps_conversations: bool = True,
    ) -> None:
        """States of other fingerprints in the folder are not used, and go first for room.

        With a budget of 0, nothing is kept. `reading_tokens_per_s` is how fast the model reads,
        which tells what loading saves. Where nobody comes back to a conversation, writing it would
        be for nothing: without `keeps_conversations` those that are there are still used.
        """
        self._budget_bytes = budget_bytes
        self._fingerprint = fingerprint
        self._reading_tokens_per_s = reading_tokens_per_s
        self._loaded_bytes, self._loading_s = LOADED_BYTES_PER_S, 1.0  # of all that was loaded
        self._keeps_conversations = keeps_conversations
        self._settled = 0  # how many of the live tokens belong to a conversation
        self._in_use = threading.RLock()  # documents are removed while the model reads
        self._folder = StateFolder(folder)
        self._make_room(0)

    @property
    def size_bytes(self) -> int:
        """What all states take on the disk, other models' too."""
        return self._folder.size_bytes

    def switch(self, sequence: LiveSequence, tokens: Sequence[int]) -> None:
        """Have the sequence hold the most of what these tokens begin with, before they are read.

        Where another conversation begins, the one in the sequence is saved first; where a saved
        one shares more with the tokens, it is loaded if that takes less time than reading.
        """
        with self._in_use:
            shared = shared_length(sequence.tokens, tokens)
            if self._settled - shared >= ANOTHER_TOKENS:
                self.keep(sequence)
            self._settled = min(self._settled, shared)
            while state := self._worth_loading(sequence, tokens, shared):
                self._load(sequence, state)
                self._settled = shared = shared_length(sequence.tokens, tokens)

    def settle(self, sequence: LiveSequence) -> None:
        """What the sequence holds now is a conversation, worth keeping; not what was guessed."""
        self._settled = len(sequence.tokens)

    def keep(self, sequence: LiveSequence) -> None:
        """Save the conversation in the sequence, unless what is saved already holds it.

        What was only guessed behind it is forgotten.
        """
        with self._in_use:
            if self._settled and self._keeps_conversations:
                sequence.keep(min(self._settled, len(sequence.tokens)))
                self._save(sequence, is_lasting=False)

    def keep_for_ever(self, sequence: LiveSequence) -> None:
        """Save all that the sequence holds, a system prompt; it is the last to be given up."""
        with self._in_use:
            self._save(sequence, is_lasting=True)

    def forget_all(self) -> None:
        """Remove all that may hold what documents say, other models' too: all but system prompts.

        What lies in the live sequence is not saved either, unless its conversation goes on:
        whoever asks then has sent what it says once more.
        """
        with self._in_use:
            self._settled = 0
            forget_all(self._folder.path)
            self._folder = StateFolder(self._folder.path)

    # --- loading --------------------------------------------------------------------------------

    def _worth_loading(
        self, sequence: LiveSequence, tokens: Sequence[int], shared: int
    ) -> SavedState | None:
        """The state that shares the most with the tokens, if loading it beats reading.

        A model that cannot forget a part can go on from a state only where all of it is shared.
        """
        lengths = ((shared_length(state.tokens, tokens), state) for state in self._ours())
        gains = [
            (length - shared, state)
            for length, state in lengths
            if sequence.can_draft or length == len(state.tokens) < len(tokens)
        ]
        gain, best = max(gains, key=lambda pair: pair[0], default=(0, None))
        if best is None or gain <= 0:
            return None
        reading_s = gain / self._reading_tokens_per_s
        loading_s = best.size_bytes * self._loading_s / self._loaded_bytes
        return best if reading_s > loading_s else None

    def _load(self, sequence: LiveSequence, state: SavedState) -> None:
        """Load the state, or remove it where it is damaged; the sequence may be empty then."""
        started = time.monotonic()
        if not sequence.restore(state.path) or sequence.tokens != list(state.tokens):
            log.warning("a saved state was damaged and is removed")
            self._folder.remove(state)
            return
        seconds = time.monotonic() - started
        self._loaded_bytes += state.size_bytes
        self._loading_s += seconds
        self._folder.mark_used(state)
        log.info("a state of %d tokens was loaded in %.2f s", len(state.tokens), seconds)

    # --- saving ---------------------------------------------------------------------------------

    def _save(self, sequence: LiveSequence, *, is_lasting: bool) -> None:
        if not sequence.tokens:
            return
        if known := self._holding(sequence.tokens, is_lasting=is_lasting):
            self._folder.mark_used(known)
            return
        if not self._make_room(self._expected_bytes(len(sequence.tokens))):
            return
        try:
            state = self._folder.write(sequence, self._fingerprint, is_lasting=is_lasting)
        except OSError as error:
            log.warning("what was read could not be saved: %s", error.strerror or "not written")
            return
        log.info("a state of %d tokens was saved", len(state.tokens))
        self._remove_superseded(state)
        self._make_room(0)

    def _holding(self, tokens: Sequence[int], *, is_lasting: bool) -> SavedState | None:
        """A state that begins with all of these tokens."""
        return next(
            (
                state
                for state in self._ours()
                if state.is_lasting >= is_lasting
                and shared_length(state.tokens, tokens) == len(tokens)
            ),
            None,
        )

    def _remove_superseded(self, newer: SavedState) -> None:
        """Those whose conversation the newer one goes on with."""
        for state in self._ours():
            lost = len(state.tokens) - shared_length(state.tokens, newer.tokens)
            is_older = state is not newer and not state.is_lasting and not newer.is_lasting
            if is_older and lost < ANOTHER_TOKENS:
                self._folder.remove(state)

    def _make_room(self, size_bytes: int) -> bool:
        """Remove states until one of this size fits the budget; whether it fits the disk too."""
        if size_bytes > self._budget_bytes:
            return False
        for state in self._expendable():
            if self._folder.size_bytes + size_bytes <= self._budget_bytes:
                break
            self._folder.remove(state)
        return not size_bytes or _free_bytes(self._folder.path) - size_bytes > LEFT_FREE_BYTES

    def _expendable(self) -> list[SavedState]:
        """All states in the order in which they go: others', then ours, lasting ones last."""
        return sorted(
            self._folder,  # the least recently used first
            key=lambda state: (state.fingerprint == self._fingerprint, state.is_lasting),
        )

    def _expected_bytes(self, token_count: int) -> int:
        """How large a state of so many tokens will be, as far as one of this model tells."""
        for state in self._ours():
            return state.size_bytes * token_count // len(state.tokens)
        return 0

    def _ours(self) -> Iterator[SavedState]:
        return (state for state in self._folder if state.fingerprint == self._fingerprint)


def shared_length(first: Sequence[int], second: Sequence[int]) -> int:
    """How many tokens two sequences have in common from their beginning."""
    pairs = enumerate(zip(first, second, strict=False))
    unlike = next((index for index, (one, other) in pairs if one != other), None)
    return min(len(first), len(second)) if unlike is None else unlike


def _free_bytes(folder: Path) -> int:
    """Of the disk that the folder is or will be on; 0 where nobody can tell."""
    for place in (folder, *folder.parents):
        if place.is_dir():
            return shutil.disk_usage(place).free
    return 0
