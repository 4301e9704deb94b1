"""A language model on a server that speaks OpenAI's protocol, wherever it runs.

llama.cpp's own server, vLLM, Ollama and LM Studio do. What is sent: the conversation alone, when
it is asked. How the server is reached and what it may answer is in `server_client`.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from rag.errors import ModelMissing
from rag.generation.server_address import complete_address
from rag.generation.server_client import ServerClient
from rag.generation.server_events import Written
from rag.generation.server_refusals import IN_SETTINGS, Refusals, RequestNotTaken
from rag.generation.templates import Message
from rag.generation.token_estimate import estimated_tokens
from rag.types import Tokens

log = logging.getLogger(__name__)

SILENCE_S = 600.0  # a long prompt on a slow machine; a person may stop before
NAMED_MODELS = 8  # of those on the server, in a sentence
# Beyond the protocol's first version: a server that does not take them is asked without.
EXTRAS: Mapping[str, object] = {
    "stream_options": {"include_usage": True},
    "chat_template_kwargs": {"enable_thinking": False},  # llama.cpp's and vLLM
}
MARGIN = 1.1  # over what the last prompt had: the next may be of other text
FACTORS = 0.5, 2.0  # a server that says less than half of what we count has cut the prompt


class ServerModel:
    """A model that writes (see LanguageModel), on a server."""

    def __init__(
        self,
        address: str,
        *,
        model: str,
        key: str,
        context_tokens: int,
        silence_s: float = SILENCE_S,
    ) -> None:
        """Asks the server which models it has; without a name, `model` is the first.

        `context_tokens` is what the server was started with; where it tells of less, that holds.
        Raises ModelMissing, and ModelUnusable where nobody answers, or not as expected.
        """
        address = complete_address(address)
        self._client = ServerClient(address, key=key, silence_s=silence_s)
        self._refusals = Refusals(address)
        served = _served_models(self._client.get("/models"))
        self.name = _named(model, list(served), address)
        self.usage = Tokens()
        self._context_tokens = min(context_tokens, served[self.name] or context_tokens)
        self._factor = 1.0

    @property
    def context_tokens(self) -> int:
        """How many tokens the prompt and the answer may have together."""
        return self._context_tokens

    def count(self, text: str) -> int:
        """About the number of tokens of a text, rather too many.

        An estimate, put right by what the server said of the last prompt.
        """
        return math.ceil(self._factor * estimated_tokens(text))

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        temperature: float,
        is_stopped: Callable[[], bool],
    ) -> Iterator[str]:
        """Stream the answer to a conversation, in whole characters.

        `usage` is what the server says, and an estimate as long as it says nothing. Raises
        Stopped within about 0.1 s of `is_stopped` saying so, ContextTooSmall, ModelMissing and
        ModelUnusable.
        """
        estimate = sum(estimated_tokens(message.content) for message in messages)
        self.usage = Tokens(prompt=math.ceil(self._factor * estimate))
        body = {
            "model": self.name,
            "messages": [{"role": each.role, "content": each.content} for each in messages],
            "max_tokens": max_tokens,
            "temperature": temperature,
            "stream": True,
        }
        is_empty = True
        for event in self._events(body, is_stopped):
            self._note(event, estimate)
            if event.text:
                is_empty = False
                yield event.text
        if is_empty:
            raise self._refusals.empty()

    def read_ahead(self, messages: Sequence[Message], *, is_stopped: Callable[[], bool]) -> None:
        """Nothing: what is not asked yet stays here.

        Servers keep what they have read by themselves; and one may be elsewhere, paid by the
        token, or at work for others.
        """

    def close(self) -> None:
        """Nothing is open between two answers."""

    def _events(
        self, body: Mapping[str, object], is_stopped: Callable[[], bool]
    ) -> Iterator[Written]:
        path = "/chat/completions"
        try:
            yield from self._client.events(path, {**body, **EXTRAS}, is_stopped=is_stopped)
        except RequestNotTaken:
            yield from self._client.events(path, body, is_stopped=is_stopped)

    def _note(self, event: Written, estimate: int) -> None:
        """What the answer takes, and how far off the estimate of its prompt was."""
        if event.text:
            self.usage = replace(self.usage, generated=self.usage.generated + 1)
        if event.generated_tokens:
            self.usage = replace(self.usage, generated=event.generated_tokens)
        if event.cached_tokens:
            self.usage = replace(self.usage, cached=event.cached_tokens)
        if event.prompt_tokens:
            self.usage = replace(self.usage, prompt=event.prompt_tokens)
            self._learn(event.prompt_tokens / max(1, estimate))

    def _learn(self, factor: float) -> None:
        least, most = FACTORS
        if factor < least:
            log.warning("the server has read %.2f of the prompt's estimated tokens", factor)
        else:
            self._factor = min(MARGIN * factor, most)


def _served_models(reply: Mapping[str, object]) -> dict[str, int]:
    """The names of the server's models, and the tokens of their contexts; 0 where not told."""
    models = reply.get("data")
    found: dict[str, int] = {}
    for model in models if isinstance(models, list) else ():
        if isinstance(model, dict) and isinstance(name := model.get("id"), str):
            told = model.get("max_model_len")  # vLLM's
            found[name] = told if isinstance(told, int) else 0
    return found


def _named(wanted: str, names: Sequence[str], address: str) -> str:
    """The model wanted among those that are there; Ollama's may leave out ":latest"."""
    for name in (wanted, f"{wanted}:latest"):
        if name in names:
            return name
    if names and not wanted:
        return names[0]
    there = ", ".join(names[:NAMED_MODELS]) + (", …" if len(names) > NAMED_MODELS else "")
    raise ModelMissing(
        f"The server at {address} has no model “{wanted}”."
        if wanted
        else f"The server at {address} has no model.",
        remedy=f"It has: {there}. Write one as `model` {IN_SETTINGS}, or none for the first."
        if names
        else "Load one there first.",
    )
