"""What a server sends while it writes: server-sent events of OpenAI's chat completions.

The protocol: https://html.spec.whatwg.org/multipage/server-sent-events.html, of which one field
(`data`) is used, and https://platform.openai.com/docs/api-reference/chat-streaming. Whatever a
server leaves out or adds is borne; only what is no JSON object is not understood.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

END = b"[DONE]"
LONGEST_LINE_BYTES = 1 << 20


class NotUnderstood(Exception):
    """The server does not speak OpenAI's protocol."""


@dataclass(frozen=True, slots=True)
class Written:
    """One event: some more of the answer, or how it ended, or what it took."""

    text: str = ""
    is_last: bool = False
    prompt_tokens: int = 0  # 0 where the event does not say
    cached_tokens: int = 0  # of these, not read again
    generated_tokens: int = 0
    error: str = ""  # the server's own words


class Lines:
    """Bytes as they come, cut at line feeds.

    Not by a library: those cut text at U+2028 and U+0085 too, which may stand in an answer.
    """

    def __init__(self) -> None:
        self._rest = b""

    def of(self, received: bytes) -> list[bytes]:
        """The lines that are whole by now. Raises NotUnderstood where one does not end."""
        *lines, self._rest = (self._rest + received).split(b"\n")
        if len(self._rest) > LONGEST_LINE_BYTES:
            raise NotUnderstood("a line of more than a megabyte")
        return [line.rstrip(b"\r") for line in lines]


def read_event(line: bytes) -> Written | None:
    """What a line says; nothing for a blank line, a comment or another field.

    Raises NotUnderstood.
    """
    field, _, value = line.partition(b":")
    if field == b"data" and value.strip() == END:
        return Written(is_last=True)
    if field not in (b"data", b"error"):  # llama.cpp's server has a field for errors of its own
        return None
    event = parse(value)
    if field == b"error" or "error" in event or event.get("object") == "error":
        return Written(error=error_text(event))
    text, is_last = _choice(event.get("choices"))
    return Written(text, is_last, *_usage(event))


def parse(received: bytes) -> Mapping[str, object]:
    """A JSON object. Raises NotUnderstood."""
    try:
        parsed = json.loads(received)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood("no JSON") from error
    if not isinstance(parsed, dict):
        raise NotUnderstood("no JSON object")
    return parsed


def error_text(parsed: Mapping[str, object]) -> str:
    """The server's own words on what went wrong, on one line."""
    error = parsed.get("error", parsed.get("detail", parsed.get("message", parsed)))
    told = error.get("message", error) if isinstance(error, dict) else error
    kind = error.get("code") or error.get("type") if isinstance(error, dict) else ""
    return " ".join(
        f"{told} ({kind})".split() if isinstance(kind, str) and kind else str(told).split()
    )


def _choice(choices: object) -> tuple[str, bool]:
    """The text that the first choice goes on with, and whether it ends there.

    What a model thinks aloud comes in fields of other names, and is left aside.
    """
    first = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(first, dict):
        return "", False
    delta = first.get("delta")
    content = delta.get("content") if isinstance(delta, dict) else None
    return content if isinstance(content, str) else "", bool(first.get("finish_reason"))


def _usage(event: Mapping[str, object]) -> tuple[int, int, int]:
    """Tokens of the prompt, those of them that were cached, and those of the answer."""
    usage, timings = _object(event, "usage"), _object(event, "timings")  # llama.cpp's has both
    details = _object(usage, "prompt_tokens_details")
    cached = _number(details, "cached_tokens") or _number(timings, "cache_n")
    return _number(usage, "prompt_tokens"), cached, _number(usage, "completion_tokens")


def _object(parsed: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = parsed.get(name)
    return value if isinstance(value, dict) else {}


def _number(parsed: Mapping[str, object], name: str) -> int:
    value = parsed.get(name)
    return value if isinstance(value, int) and value > 0 else 0
