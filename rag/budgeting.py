"""How much evidence a model is given to read: by how fast it reads, and how long one will wait.

What is chosen for so many tokens is `rag.evidence`'s to say.
"""

from __future__ import annotations

from rag.generation.speed import Speed

QUICK_S, THOROUGH_S = 10.0, 30.0  # of reading
LEAST, MOST = 600, 6_000  # tokens
UNMEASURED = 1_200  # tokens, where nobody knows yet how fast the model reads
MORE_WHEN_THOROUGH = 2
EVIDENCE_SHARE = 0.5  # of the context, at most: the other half is the conversation's


def evidence_tokens(speed: Speed | None, *, is_thorough: bool, context_tokens: int) -> int:
    """As many tokens as the model reads in ten seconds, or in thirty where it is to be thorough.

    Ten seconds are what people wait with their mind still on the question (Miller, AFIPS 1968;
    Nielsen 1993). A laptop whose graphics card reads 120 tokens/s reads 1,200 in them, which hold
    what answers nine of ten questions of the development set; thirty seconds are for those who
    rather wait than miss something, and never bring less than twice as much. Less than 600 tokens
    answer too few questions, however slow the machine; of more than 6,000 the best is a small
    part. Never more than half of `context_tokens`, which is all that the model can hold.
    """
    quick = UNMEASURED if speed is None else _between(speed.reading * QUICK_S)
    tokens = quick
    if is_thorough:
        read = 0 if speed is None else speed.reading * THOROUGH_S
        tokens = _between(max(read, quick * MORE_WHEN_THOROUGH))
    return min(tokens, int(context_tokens * EVIDENCE_SHARE))


def reading_s(speed: Speed | None, *, is_thorough: bool, context_tokens: int) -> float:
    """The seconds that reading so much evidence takes; 0 where the speed is not known."""
    if speed is None or speed.reading <= 0:
        return 0.0
    tokens = evidence_tokens(speed, is_thorough=is_thorough, context_tokens=context_tokens)
    return tokens / speed.reading


def _between(tokens: float) -> int:
    return int(min(max(tokens, LEAST), MOST))
