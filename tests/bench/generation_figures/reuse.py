"""What a question costs that goes on from what was read: in memory, on the disk, and ahead.

Without reuse means: the same model with the same prompt and nothing read before.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from generation_figures.figure import Figure, middle, ratio
from generation_figures.subject import (
    QUESTIONS,
    SYSTEM,
    Spent,
    Subject,
    answer,
    asked,
    never,
    spent,
    text_of,
)

from rag.generation import LocalModel
from rag.generation.live_sequence import LiveSequence
from rag.generation.sampling import sampler
from rag.generation.saved_states import SavedStates
from rag.generation.templates import Message


def measure(subject: Subject) -> Iterator[Figure]:
    """All figures of prompt reuse."""
    with (
        subject.opened(subject.plan()) as (model, sequence, _),
        tempfile.TemporaryDirectory() as folder,
    ):
        yield from same_evidence(subject, model, sequence)
        yield from reopened(subject, model, sequence, Path(folder) / "conversations")
        states = states_in(Path(folder) / "system", model, subject)
        model.use_states(states)
        yield from first_question(subject, model, sequence)
        yield from read_ahead(subject, model, sequence)


def states_in(folder: Path, model: LocalModel, subject: Subject) -> SavedStates:
    """An empty place for states."""
    return SavedStates(folder, budget_bytes=10**10, fingerprint=model.fingerprint)


def same_evidence(subject: Subject, model: LocalModel, sequence: LiveSequence) -> Iterator[Figure]:
    """A second question on the evidence of the first."""
    evidence = text_of(subject.sizes.evidence_tokens, model.count)
    rounds, gains, targets, seconds = subject.sizes.rounds, [], [], []
    for question in islice(cycle(QUESTIONS[:-1]), rounds):
        sequence.forget()
        without = spent(answer, model, asked(evidence, QUESTIONS[-1]))
        reused = spent(answer, model, asked(evidence, question))
        usage = model.usage
        gains.append(without.clock / reused.clock)
        targets.append(0.75 * usage.prompt / (usage.prompt - usage.cached))
        seconds.append((without.clock, reused.clock))
    yield middle("same evidence: the prompt", [float(usage.prompt)], "tokens")
    yield middle("same evidence: new of them", [float(usage.prompt - usage.cached)], "tokens")
    yield middle("same evidence: first token without reuse", [one for one, _ in seconds], "s")
    yield middle("same evidence: first token", [one for _, one in seconds], "s")
    yield middle("same evidence: faster", gains, "times", target=median(targets), is_floor=True)


def reopened(
    subject: Subject, model: LocalModel, sequence: LiveSequence, folder: Path
) -> Iterator[Figure]:
    """A conversation from the disk, against reading it again; cores' seconds, not the clock's."""
    length = subject.sizes.conversation_tokens - model.count(SYSTEM.content)
    tokens = model.render(asked(text_of(length, model.count), QUESTIONS[0]))
    states = states_in(folder, model, subject)
    rounds: list[tuple[Spent, Spent]] = []
    for _ in range(max(1, subject.sizes.rounds // 2)):
        sequence.forget()
        reading = spent(sequence.read, tokens)
        states.settle(sequence)
        states.keep(sequence)
        sequence.forget()
        loading = spent(states.switch, sequence, [*tokens, tokens[0]])
        assert sequence.tokens == tokens, "the conversation was not loaded"
        rounds.append((reading, loading))
    size = states.size_bytes
    yield Figure("reopened: the conversation", float(len(tokens)), "tokens")
    yield Figure("reopened: on the disk", size / 1e6, "MB")
    yield middle("reopened: reading it again", [one.cores for one, _ in rounds], "core s")
    yield middle("reopened: loading it", [one.cores for _, one in rounds], "core s")
    less = [(one.cores, other.cores) for one, other in rounds]
    yield ratio("reopened: less work of the cores", less, target=100, is_floor=True)
    faster = [(one.clock, other.clock) for one, other in rounds]
    yield ratio("reopened: faster on the clock", faster)


def first_question(subject: Subject, model: LocalModel, sequence: LiveSequence) -> Iterator[Figure]:
    """The first question after loading, its system prompt warmed up from the disk or not at all."""
    messages = [SYSTEM, Message("user", " ".join(QUESTIONS))]
    model.read_ahead([SYSTEM], is_stopped=never)
    model.keep_for_ever()
    rounds = []
    for _ in range(subject.sizes.rounds):
        sequence.forget()
        warming = spent(partial(model.read_ahead, [SYSTEM], is_stopped=never))
        own = spent(read_rest, sequence, model.render(messages))
        sequence.forget()
        model.read_ahead([SYSTEM], is_stopped=never)
        warm = spent(answer, model, messages)
        sequence.forget()
        cold = spent(read_rest, sequence, model.render(messages))
        rounds.append((warming.clock, own.clock, warm.clock, cold.clock))
    yield middle("first question: its prompt", [float(model.usage.prompt)], "tokens")
    yield middle("first question: its own tokens", [own_tokens(model)], "tokens")
    yield middle("first question: system prompt from the disk", [one[0] for one in rounds], "s")
    yield middle("first question: its own tokens cost", [one[1] for one in rounds], "s")
    yield middle("first question: first token", [one[2] for one in rounds], "s")
    yield middle("first question: first token without warm-up", [one[3] for one in rounds], "s")
    pairs = [(warm, own) for _, own, warm, _ in rounds]
    yield ratio("first question: against its own tokens", pairs, target=1.3)


def read_ahead(subject: Subject, model: LocalModel, sequence: LiveSequence) -> Iterator[Figure]:
    """A question whose evidence was read before Enter."""
    evidence = text_of(subject.sizes.evidence_tokens // 2, model.count)
    settled = [SYSTEM, Message("user", f"[1] Samples\n{evidence}")]
    sequence.forget()
    model.read_ahead(settled, is_stopped=never)
    rounds = []
    for question in islice(cycle(QUESTIONS), 2 * subject.sizes.rounds):
        messages = asked(evidence, question)
        model.read_ahead(settled, is_stopped=never)
        own = spent(read_rest, sequence, model.render(messages))
        model.read_ahead(settled, is_stopped=never)
        first = spent(answer, model, messages)
        rounds.append((first.clock, own.clock))
    yield middle("evidence read ahead: the question's own tokens", [own_tokens(model)], "tokens")
    yield middle("evidence read ahead: they cost", [own for _, own in rounds], "s")
    yield middle("evidence read ahead: first token", [first for first, _ in rounds], "s")
    yield ratio("evidence read ahead: against its own tokens", rounds, target=1.3)


def own_tokens(model: LocalModel) -> float:
    """How many tokens of the last prompt had to be read."""
    return float(model.usage.prompt - model.usage.cached)


def read_rest(sequence: LiveSequence, tokens: list[int]) -> None:
    """What is bare of a first token: read what was not read, and pick."""
    with sampler(0.0) as chain:
        sequence.read(tokens[sequence.keep_prefix_of(tokens) :])
        sequence.next_token(chain)
