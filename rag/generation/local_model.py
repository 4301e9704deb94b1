"""A language model in this process: loading, counting, reading, streaming and stopping.

What goes into the conversation is `rag.prompting`'s to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from rag.errors import ContextTooSmall
from rag.generation.decoding import drafted_tokens, likeliest_tokens, sampled_tokens
from rag.generation.live_sequence import LiveSequence
from rag.generation.plan import Plan
from rag.generation.sampling import sampler
from rag.generation.saved_states import SavedStates
from rag.generation.templates import ChatTemplate, Message
from rag.generation.vocabulary import Vocabulary
from rag.generation.weights import Weights
from rag.models.gguf import check_gguf
from rag.types import Tokens

AHEAD_S = 2.0  # the most that is lost when reading ahead is stopped, as it often is


class LocalModel:
    """A loaded model with one live sequence. It serves one caller at a time."""

    def __init__(self, name: str, weights: Weights, sequence: LiveSequence) -> None:
        """Use `LocalModel.load`; the weights and the sequence are this object's to close."""
        self.name = name
        self.usage = Tokens()
        self.draft_tokens = 0  # guessed at once at temperature 0, at most DRAFT_TOKENS; 0 for none
        self._weights = weights
        self._sequence = sequence
        self._states: SavedStates | None = None
        self._vocabulary = Vocabulary(weights)
        self._template = ChatTemplate(
            weights.chat_template(),
            bos=self._vocabulary.bos,
            eos=self._vocabulary.eos,
            adds_bos=self._vocabulary.adds_bos,
        )

    @classmethod
    def load(
        cls,
        path: Path,
        plan: Plan,
        *,
        name: str,
        is_stopped: Callable[[], bool] = lambda: False,
        on_progress: Callable[[float], None] = lambda _done: None,
    ) -> LocalModel:
        """Load the GGUF file at `path` as the plan says.

        The context is no longer than the model was trained for. `on_progress` is told the share
        that is done, 0 to 1, from another thread too. Raises ModelMissing, ModelUnusable,
        ModelTooLarge where the memory is refused, and Stopped within about 0.1 s of `is_stopped`
        saying so.
        """
        check_gguf(path)
        with ExitStack() as opened:
            weights = Weights(path, plan, is_stopped=is_stopped, on_progress=on_progress)
            opened.callback(weights.close)
            sequence = LiveSequence(weights, plan)
            opened.callback(sequence.close)
            model = cls(name, weights, sequence)
            model.render([Message("system", "x"), Message("user", "y")])  # the template works
            opened.pop_all()
        return model

    @property
    def context_tokens(self) -> int:
        """How many tokens the prompt and the answer may have together."""
        return self._sequence.context_tokens

    @property
    def sequence(self) -> LiveSequence:
        """What it has read, for measuring; it is this model's to close."""
        return self._sequence

    @property
    def fingerprint(self) -> str:
        """The same for two models where what one has read and saved the other can restore."""
        return self._sequence.fingerprint

    def use_states(self, states: SavedStates) -> None:
        """From now on save conversations there and go on from those that are.

        The states are to be made with this model's `fingerprint`.
        """
        self._states = states

    @property
    def read_tokens(self) -> int:
        """How much of a prompt and its answer has been read: how far a long prompt has come."""
        return len(self._sequence.tokens)

    def count(self, text: str) -> int:
        """The number of tokens of a plain text, without those that a template adds."""
        return len(self._vocabulary.plain_tokens(text))

    def render(self, messages: Sequence[Message], *, is_complete: bool = True) -> list[int]:
        """The conversation's tokens, up to where the model is to go on.

        One that is not complete ends with the last message's content: more of it may come.
        Contents are read as plain text: no document and no question can write a control token.
        """
        vocabulary, tokens = self._vocabulary, list[int]()
        if not is_complete and messages[-1].role == "system":
            messages = [*messages, Message("user", "")]  # many templates refuse one without
        pieces = self._template.pieces(messages)
        if not is_complete:
            while pieces and pieces[-1].is_template:
                pieces.pop()
        for piece in pieces:
            read = vocabulary.template_tokens if piece.is_template else vocabulary.plain_tokens
            tokens += read(piece.text)
        return tokens

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        temperature: float,
        is_stopped: Callable[[], bool],
    ) -> Iterator[str]:
        """Stream the answer to a conversation, in whole characters.

        It ends at an end token, after `max_tokens`, or where the context is full; `usage` then
        says what it took. What the prompt shares with the last prompt and answer is not read
        again. Raises Stopped within about 0.1 s of `is_stopped` saying so (on a graphics card,
        after the batch in hand), ContextTooSmall where the prompt leaves no room for an answer.
        `is_stopped` is called from another thread too.
        """
        tokens = self.render(messages)
        limit = min(max_tokens, self._room_for_answer(len(tokens)))
        sequence = self._sequence
        cached = self._go_on_from(tokens)
        self.usage = Tokens(prompt=len(tokens), cached=cached)
        with (
            sequence.stop_flag.follows(is_stopped),
            self._following(tokens[cached:], limit, temperature) as following,
        ):
            try:
                yield from self._vocabulary.characters(self._answer(following))
            finally:
                self._settle()

    def read_ahead(self, messages: Sequence[Message], *, is_stopped: Callable[[], bool]) -> None:
        """Read a conversation that may not be complete, so that what follows it begins sooner.

        Its last message may go on. Raises Stopped, and then keeps what was read.
        """
        tokens = self.render(messages, is_complete=False)
        sequence = self._sequence
        if not tokens or len(tokens) >= self.context_tokens:
            return
        cached = self._go_on_from(tokens)
        with sequence.stop_flag.follows(is_stopped):
            sequence.read(tokens[cached:], longest_s=AHEAD_S)

    def keep_for_ever(self) -> None:
        """Save what was read ahead, a system prompt, so that it is never read again."""
        if self._states:
            self._states.keep_for_ever(self._sequence)

    def _go_on_from(self, tokens: Sequence[int]) -> int:
        """Hold the most there is of what these tokens begin with; returns how many those are."""
        if self._states:
            self._states.switch(self._sequence, tokens)
        return self._sequence.keep_prefix_of(tokens)

    def _settle(self) -> None:
        if self._states and self.usage.generated:
            self._states.settle(self._sequence)

    @contextmanager
    def _following(
        self, unread: Sequence[int], limit: int, temperature: float
    ) -> Iterator[Iterator[int]]:
        """The tokens that follow, at most `limit`, once what is unread of the prompt was read."""
        sequence, end_tokens = self._sequence, self._vocabulary.end_tokens
        if temperature > 0:
            with sampler(temperature) as chain:
                yield islice(sampled_tokens(sequence, unread, chain), limit)
        elif self.draft_tokens and sequence.can_draft:
            drafts = drafted_tokens(
                sequence,
                unread,
                max_tokens=limit,
                draft_tokens=self.draft_tokens,
                end_tokens=end_tokens,
            )
            yield islice(drafts, limit)
        else:
            yield islice(likeliest_tokens(sequence, unread), limit)

    def _answer(self, following: Iterator[int]) -> Iterator[int]:
        """The tokens up to one that ends an answer, counted as they come."""
        for token in following:
            if token in self._vocabulary.end_tokens:
                return
            self.usage = replace(self.usage, generated=self.usage.generated + 1)
            yield token

    def _room_for_answer(self, prompt_tokens: int) -> int:
        room = self.context_tokens - prompt_tokens
        if room <= 0:
            raise ContextTooSmall(
                f"The prompt has {prompt_tokens} tokens, and the context of {self.name} "
                f"holds {self.context_tokens}.",
                remedy="Ask a shorter question, or choose a larger context in the settings.",
            )
        return room

    def close(self) -> None:
        """Save the conversation and give the memory back. The model cannot be used afterwards."""
        if self._states:
            self._states.keep(self._sequence)
            self._states = None
        self._sequence.close()
        self._weights.close()
