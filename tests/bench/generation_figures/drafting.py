"""Writing with drafts by prompt lookup and without: the same words, and how many a second.

The task is the kindest there is: to repeat a passage, which drafts guess best.
"""

from __future__ import annotations

from collections.abc import Iterator

from generation_figures.figure import Figure, middle, ratio
from generation_figures.subject import Subject, answer, never, spent, text_of

from rag.generation import LocalModel
from rag.generation.reserving import DRAFT_TOKENS
from rag.generation.speed import measure_speed
from rag.generation.templates import Message

PASSAGE_TOKENS = 100


def measure(subject: Subject) -> Iterator[Figure]:
    """What a draft costs, and what drafts bring."""
    with subject.opened(subject.plan(1_024)) as (model, _, _):
        speed = measure_speed(model, is_stopped=never)
        passage = text_of(PASSAGE_TOKENS, model.count)
        messages = [Message("user", f"{passage}\n\nRepeat this word for word.")]
        without = written(model, messages, 1, draft_tokens=0)  # reads the prompt
        rounds = []
        for _ in range(subject.sizes.rounds):
            plain = written(model, messages, subject.sizes.written_tokens, draft_tokens=0)
            drafted = written(
                model, messages, subject.sizes.written_tokens, draft_tokens=DRAFT_TOKENS
            )
            rounds.append((plain, drafted))
    assert without[0] > 0, "the model said nothing"
    yield Figure("drafting: a draft costs", speed.draft_cost, "tokens")
    yield Figure("drafting: switched on here", float(speed.drafting_pays), "")
    yield middle("drafting: without", [plain for (plain, _), _ in rounds], "tokens/s")
    yield middle("drafting: with", [drafted for _, (drafted, _) in rounds], "tokens/s")
    yield ratio("drafting: faster with", [(with_[0], plain[0]) for plain, with_ in rounds])
    is_same = all(plain[1] == with_[1] for plain, with_ in rounds)
    yield Figure("drafting: the same words", float(is_same), "", target=1.0, is_floor=True)


def written(
    model: LocalModel, messages: list[Message], max_tokens: int, *, draft_tokens: int
) -> tuple[float, str]:
    """Tokens a second, and what they say."""
    said: list[str] = []
    model.draft_tokens = draft_tokens
    seconds = spent(lambda: said.append(answer(model, messages, max_tokens=max_tokens))).clock
    return model.usage.generated / seconds, said[0]
