"""What answers a conversation, wherever it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from rag.generation.templates import Message
from rag.types import Tokens


class LanguageModel(Protocol):
    """A model that writes. It serves one caller at a time."""

    name: str
    usage: Tokens  # what the last call of `generate` took, or takes so far

    @property
    def context_tokens(self) -> int:
        """How many tokens the prompt and the answer may have together."""
        ...

    def count(self, text: str) -> int:
        """The number of tokens of a plain text, or, where only a server knows, rather too many."""
        ...

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        temperature: float,
        is_stopped: Callable[[], bool],
    ) -> Iterator[str]:
        """Stream the answer to a conversation, in whole characters.

        Raises Stopped, ContextTooSmall and ModelUnusable.
        """
        ...

    def read_ahead(self, messages: Sequence[Message], *, is_stopped: Callable[[], bool]) -> None:
        """Read a conversation that may not be complete, so that what follows it begins sooner.

        What `generate` is given later and begins alike is not read again. Does nothing where
        nothing can be gained. Raises Stopped, and then keeps what was read.
        """
        ...

    def close(self) -> None:
        """Give the memory back. The model cannot be used afterwards."""
        ...
