"""How an answer came about, in sentences: when its first word came, how fast, what was read."""

from __future__ import annotations

from rag.types import Answer, Timings, Tokens


def how_fast(answer: Answer) -> str:
    """Sentences on an answer's time and tokens; empty where no model wrote it."""
    if not answer.model:
        return ""
    return "\n".join(filter(None, (_pace(answer), _reading(answer.tokens))))


def _pace(answer: Answer) -> str:
    timings, tokens = answer.timings, answer.tokens
    first = f"First word after {timings.first_token:.1f} s." if timings.first_token else ""
    return " ".join(filter(None, (first, _writing(timings, tokens))))


def _writing(timings: Timings, tokens: Tokens) -> str:
    if not tokens.generated:
        return ""
    speed = f", {tokens.generated / timings.generate:.1f} a second" if timings.generate else ""
    return f"{tokens.generated:,} tokens written{speed}."


def _reading(tokens: Tokens) -> str:
    if not tokens.prompt:
        return ""
    known = f"; {tokens.cached:,} of them were known from before" if tokens.cached else ""
    return f"{tokens.prompt:,} tokens read{known}."
