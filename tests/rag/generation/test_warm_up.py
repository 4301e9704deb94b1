"""A system prompt that is read before anyone asks is the beginning of every prompt after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.generation import LocalModel
from rag.generation.templates import ChatTemplate, Message

PROMPTS = Path(__file__).parents[3] / "assets" / "prompts"
CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
REFUSING = "{% if messages[-1]['role'] != 'user' %}{{ raise_exception('no user') }}{% endif %}"
REFUSING_SYSTEM = REFUSING.replace("messages[-1]", "messages[0]")
QUESTION = "[1] Lamps, page 3\nThe lamp is blue.\n\nQuestion: Which color has it?"


def read_first(model: LocalModel, system: Message) -> list[int]:
    return model.render([system], is_complete=False)


@pytest.mark.parametrize("name", ["documents", "demonstration", "assistant"])
@pytest.mark.parametrize("which", ["starter", "phi4"])
def test_the_prompt_begins_with_what_was_read_before(
    request: pytest.FixtureRequest, which: str, name: str
) -> None:
    model: LocalModel = request.getfixturevalue(which)
    system = Message("system", (PROMPTS / f"{name}.md").read_text("utf-8").strip())
    before = read_first(model, system)
    assert len(before) > model.count(system.content)
    assert model.render([system, Message("user", QUESTION)])[: len(before)] == before


@pytest.mark.parametrize("refusal", [REFUSING, REFUSING_SYSTEM])
def test_so_it_does_where_the_template_wants_a_user(
    phi4: LocalModel, monkeypatch: pytest.MonkeyPatch, refusal: str
) -> None:
    monkeypatch.setattr(phi4, "_template", ChatTemplate(refusal + CHATML, bos="", eos=""))
    system = Message("system", "Answer from the passages. Be brief.")
    before = read_first(phi4, system)
    prompt = phi4.render([system, Message("user", QUESTION)])
    assert prompt[: len(before) - 1] == before[:-1]  # the last may join what follows
