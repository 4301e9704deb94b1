"""How long a stop takes to be heard while a prompt of 4,000 tokens is read, at any moment."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from statistics import median

from generation_figures.figure import Figure
from generation_figures.subject import SYSTEM, Subject, text_of

from rag.errors import Stopped
from rag.generation import LocalModel
from rag.generation.templates import Message

PROMPT_TOKENS = 4_000
SEED = 7


def measure(subject: Subject) -> Iterator[Figure]:
    """Milliseconds from the stop to the end of the work.

    What was read stays and is gone on from, so the stops lie all along the prompt where the model
    reads fast enough; once it is read whole, it is read anew.
    """
    sizes, drawing = subject.sizes, random.Random(SEED)
    waits, places = list[float](), list[int]()
    with subject.opened(subject.plan()) as (model, sequence, _):
        text = text_of(PROMPT_TOKENS - model.count(SYSTEM.content), model.count)
        messages = [SYSTEM, Message("user", text)]
        tokens = model.render(messages)
        while len(waits) < sizes.stops:
            wait = stopped_after(drawing.uniform(0.02, sizes.longest_stop_s), model, messages)
            if wait is None:
                sequence.forget()
                continue
            waits.append(1000 * wait)
            places.append(len(sequence.tokens))
            sequence.read(tokens[places[-1] :][: sizes.tokens_between_stops])
    yield Figure("stopping: stops, while reading", float(len(waits)), "")
    yield Figure("stopping: the last of them after", float(max(places)), "tokens")
    yield Figure("stopping: median", median(waits), "ms")
    yield Figure("stopping: the longest", max(waits), "ms", target=300)


def stopped_after(seconds: float, model: LocalModel, messages: list[Message]) -> float | None:
    """Seconds from a stop at this moment to the end of the work; None where it was done before."""
    stop, stopped_at = threading.Event(), [0.0]

    def ring() -> None:
        stopped_at[0] = time.perf_counter()
        stop.set()

    timer = threading.Timer(seconds, ring)
    timer.start()
    try:
        for _ in model.generate(messages, max_tokens=1, temperature=0.0, is_stopped=stop.is_set):
            pass
    except Stopped:
        return time.perf_counter() - stopped_at[0]
    finally:
        timer.cancel()
    return None
