"""Why a server gives no answer, in a sentence each, with what the person can do."""

from __future__ import annotations

import re

from rag.errors import ContextTooSmall, ModelError, ModelMissing, ModelUnusable
from rag.generation.server_events import NotUnderstood, error_text, parse

# How a prompt that is too long is told: llama.cpp, llama-cpp-python, vLLM, LM Studio, OpenAI.
TOO_LONG = ("context_length", "context length", "context size", "context_size", "context window")
IN_SETTINGS = "under [server] in the settings"
LONGEST_WORDS = 300  # characters of what a server says


class RequestNotTaken(ModelUnusable):
    """The server does not take the request as it was put."""


class Refusals:
    """The failures of one server."""

    def __init__(self, address: str) -> None:
        self._server = f"The server at {address}"
        self._address = address

    def of(self, status: int, received: bytes) -> ModelError:
        """For a reply with this status that is no answer."""
        words = _words(received)
        if _is_too_long(words):
            return self.too_long(words)
        match status:
            case 401 | 403:
                return self.wrong_key()
            case 404 if "model" in words.lower():
                return ModelMissing(
                    f"{self._server} does not have the model: {words}.",
                    remedy=f"Choose another as `model` {IN_SETTINGS}.",
                )
            case 400 | 422:
                return RequestNotTaken(
                    f"{self._server} did not take the question: {words}.",
                    remedy="Look into its log, or choose another server or model.",
                )
            case 429 | 503:
                return ModelUnusable(
                    f"{self._server} is busy, or still loading its model: {words}.",
                    remedy="Ask again in a moment.",
                )
            case _ if status >= 500:
                return self.in_answer(words)
        return self.nonsense(NotUnderstood(f"status {status}"))

    def in_answer(self, words: str) -> ModelError:
        """For an error that the server tells in place of the rest of an answer."""
        if _is_too_long(words):
            return self.too_long(words)
        return ModelUnusable(
            f"{self._server} failed: {words[:LONGEST_WORDS]}.",
            remedy="Ask again; if it fails again, look into the server's log.",
        )

    def too_long(self, words: str) -> ContextTooSmall:
        """For a prompt that does not fit; `words` are the server's."""
        return ContextTooSmall(
            f"The prompt is longer than the context of the server at {self._address}: "
            f"{words[:LONGEST_WORDS]}.",
            remedy=f"Write the context that it was started with as `context_tokens` {IN_SETTINGS}.",
        )

    def wrong_key(self) -> ModelUnusable:
        """For a server that wants another key, or one at all."""
        return ModelUnusable(
            f"{self._server} does not take the key.",
            remedy=f"Write the right one as `key` {IN_SETTINGS}.",
        )

    def nobody(self, error: Exception) -> ModelUnusable:
        """For a server that cannot be reached."""
        reason = re.sub(r"\[Errno -?\d+\] ", "", str(error))
        if "CERTIFICATE" in reason:
            return ModelUnusable(
                f"{self._server} cannot prove that it is the one: {reason}.",
                remedy="Let who runs it mend its certificate; nothing was sent.",
            )
        return ModelUnusable(
            f"Nobody answers at {self._address} ({reason or type(error).__name__}).",
            remedy=f"Start the server, or mend `address` {IN_SETTINGS}; "
            "where it is empty, the model on this machine answers.",
        )

    def silence(self, seconds: float) -> ModelUnusable:
        """For one that has said nothing for so long."""
        return ModelUnusable(
            f"{self._server} has said nothing for {seconds:.0f} seconds.",
            remedy="Look whether it is still at work, and ask again.",
        )

    def early_end(self) -> ModelUnusable:
        """For a connection that ends before the answer does."""
        return ModelUnusable(
            f"{self._server} ended before its answer did.",
            remedy="Look whether it still runs, and ask again. If long questions alone end so, "
            f"write the context that it has as `context_tokens` {IN_SETTINGS}.",
        )

    def empty(self) -> ModelUnusable:
        """For an answer without a word: some servers pass over too long a prompt in silence."""
        return ModelUnusable(
            f"{self._server} gave an empty answer.",
            remedy="Ask again. If it stays so, the prompt may be longer than its context: write "
            f"the one that it has as `context_tokens` {IN_SETTINGS}.",
        )

    def nonsense(self, error: NotUnderstood) -> ModelUnusable:
        """For what is not OpenAI's protocol."""
        return ModelUnusable(
            f"{self._server} does not speak as OpenAI's do ({error}).",
            remedy=f"Mend `address` {IN_SETTINGS}: it mostly ends in /v1.",
        )


def _words(received: bytes) -> str:
    """What the server says itself; of a page of HTML, nothing."""
    try:
        told = error_text(parse(received))
    except NotUnderstood:
        told = "" if b"<" in received[:200] else received.decode("utf-8", "replace")
    return " ".join(told.split())[:LONGEST_WORDS].rstrip(".") or "it does not say why"


def _is_too_long(words: str) -> bool:
    return any(each in words.lower() for each in TOO_LONG)
