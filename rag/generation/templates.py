"""A model's chat template: a conversation into pieces that say whose text they are.

The template comes from the model's file and is rendered in a sandbox. Contents never pass through
it: a mark stands for each, so that what a document or a person wrote can be told from the template
afterwards, and never becomes a control token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from rag.errors import ModelUnusable

# Characters of a private area: no template writes them, and none trims or changes them.
MARK = re.compile("\ue000(\\d+)\ue001")
FALLBACK = (
    "{% for message in messages %}{{ message['role'] | capitalize }}: {{ message['content'] }}"
    "\n\n{% endfor %}{% if add_generation_prompt %}Assistant:{% endif %}"
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation; `role` is `system`, `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a rendered conversation: the template's own text, or a message's content."""

    text: str
    is_template: bool


class ChatTemplate:
    """A Jinja template as models carry it, with the texts of its model's special tokens.

    Without a source, messages are written as `System: …`, `User: …` and `Assistant: …`, parted
    by blank lines, which every model continues sensibly.
    """

    def __init__(self, source: str, *, bos: str, eos: str, adds_bos: bool = False) -> None:
        """Compile the template. Raises ModelUnusable where it is no template.

        With `adds_bos`, a conversation begins with `bos` where the template does not see to it.
        """
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.globals["raise_exception"] = _refuse
        environment.globals["strftime_now"] = lambda pattern: datetime.now().strftime(pattern)
        self._beginning = bos if adds_bos else ""
        self._tokens = {"bos_token": bos, "eos_token": eos}
        try:
            self._template = environment.from_string(source or FALLBACK)
        except TemplateError as error:
            raise _unusable(error) from error

    def pieces(
        self, messages: Sequence[Message], *, add_generation_prompt: bool = True
    ) -> list[Piece]:
        """The conversation as the model is to read it.

        A template that takes no system message gets it at the head of the first message instead.
        Raises ModelUnusable where the template refuses the conversation or leaves out a part.
        """
        try:
            return self._whole_pieces(messages, add_generation_prompt)
        except ModelUnusable:
            if len(messages) < 2 or messages[0].role != "system":
                raise
        return self._whole_pieces(_without_system(messages), add_generation_prompt)

    def _whole_pieces(
        self, messages: Sequence[Message], add_generation_prompt: bool
    ) -> list[Piece]:
        rendered = self._render([message.role for message in messages], add_generation_prompt)
        texts = MARK.split(rendered)  # template, number, template, number, …, template
        if sorted(map(int, texts[1::2])) != list(range(len(messages))):
            raise _unusable("it does not write each message once")
        contents = [Piece(messages[int(number)].content, False) for number in texts[1::2]]
        frames = [Piece(text, True) for text in texts[0::2]]
        has_beginning = texts[0].startswith(self._beginning)
        woven = [Piece("" if has_beginning else self._beginning, True), frames[0]]
        for content, frame in zip(contents, frames[1:], strict=True):
            woven += [content, frame]
        return [piece for piece in woven if piece.text]

    def _render(self, roles: Sequence[str], add_generation_prompt: bool) -> str:
        """The conversation with marks for contents. Models that think aloud are told not to."""
        marked = [
            {"role": role, "content": f"\ue000{number}\ue001"} for number, role in enumerate(roles)
        ]
        try:
            return self._template.render(
                messages=marked,
                add_generation_prompt=add_generation_prompt,
                enable_thinking=False,
                **self._tokens,
            )
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise _unusable(error) from error


def _without_system(messages: Sequence[Message]) -> list[Message]:
    system, first, *rest = messages
    return [Message(first.role, f"{system.content}\n\n{first.content}"), *rest]


def _refuse(message: str) -> NoReturn:
    """What a template calls to refuse a conversation."""
    raise TemplateError(message)


def _unusable(reason: object) -> ModelUnusable:
    return ModelUnusable(
        f"The model's chat template cannot be used: {reason}.",
        remedy="Choose another model, or another file of this one.",
    )
