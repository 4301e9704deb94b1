"""How fast a model reads and writes, against a bare loop over the same weights in the same run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from statistics import median

from generation_figures.bare_loop import BareLoop
from generation_figures.figure import Figure, ratio
from generation_figures.subject import SYSTEM, Spent, Subject, answer, spent, text_of

from rag.generation import LocalModel
from rag.generation.live_sequence import LiveSequence
from rag.generation.templates import Message

TASK = "Tell the story of a lighthouse keeper, at length, with all that happens to him."
WRITING = [Message("user", TASK)]


def measure(subject: Subject) -> Iterator[Figure]:
    """Reading and writing, mapped: as Deskbook loads it where memory is tight."""
    plan = subject.plan(1_024)
    with (
        subject.opened(plan) as (model, sequence, weights),
        closing(BareLoop(weights, plan)) as bare,
    ):
        reading, writing, count = [], [], words_of(subject, model)
        for number in range(subject.sizes.rounds):
            is_first = number % 2 == 0
            reading.append(read_once(subject, model, sequence, bare, ours_first=is_first))
            writing.append(write_once(model, bare, count, ours_first=is_first))
    yield from told("reading", reading)
    yield from told("writing", writing)


def told(name: str, rounds: list[tuple[float, float]]) -> Iterator[Figure]:
    """Of ours and bare tokens a second."""
    yield Figure(f"{name}: Deskbook", median(ours for ours, _ in rounds), "tokens/s")
    yield Figure(f"{name}: bare llama_decode", median(bare for _, bare in rounds), "tokens/s")
    yield ratio(f"{name}: against bare", rounds, target=0.97, is_floor=True)


def read_once(
    subject: Subject,
    model: LocalModel,
    sequence: LiveSequence,
    bare: BareLoop,
    *,
    ours_first: bool,
) -> tuple[float, float]:
    """Tokens a second, from the messages to the first token and from the tokens to the next."""
    text = text_of(subject.sizes.read_tokens - model.count(SYSTEM.content), model.count)
    messages = [SYSTEM, Message("user", f"{text}\n\n{TASK}")]
    tokens = model.render(messages)

    def ours() -> None:
        sequence.forget()
        answer(model, messages)

    def theirs() -> None:
        bare.forget()
        bare.read(tokens)

    first, second = in_turn(ours, theirs, ours_first=ours_first)
    return len(tokens) / first.clock, len(tokens) / second.clock


def write_once(
    model: LocalModel, bare: BareLoop, count: int, *, ours_first: bool
) -> tuple[float, float]:
    """Tokens a second behind a prompt that was read; the model would write so many of itself."""
    answer(model, WRITING)
    tokens = model.render(WRITING)
    bare.forget()
    bare.read(tokens[:-1])
    first, second = in_turn(
        partial(answer, model, WRITING, max_tokens=count),
        partial(bare.write, tokens[-1], count),
        ours_first=ours_first,
    )
    return count / first.clock, count / second.clock


def words_of(subject: Subject, model: LocalModel) -> int:
    """How many tokens the model writes before it ends, and no more than wanted."""
    answer(model, WRITING, max_tokens=subject.sizes.written_tokens)
    assert model.usage.generated > 4, "the model has nothing to say"
    return model.usage.generated


def in_turn(
    ours: Callable[[], object], theirs: Callable[[], object], *, ours_first: bool
) -> tuple[Spent, Spent]:
    """Ours and theirs, measured in one order or the other."""
    if ours_first:
        return spent(ours), spent(theirs)
    second = spent(theirs)
    return spent(ours), second
