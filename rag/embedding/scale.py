"""The cosines of every embedder on MiniLM's scale, where it was measured what they are worth.

Texts that have nothing to do with each other have a cosine near 0 for MiniLM and of 0.7 or more for
others. What an embedder says of a few such texts is measured once and kept; whether there is
evidence is then judged for all embedders by the same figures (rag.retrieval.evidence).
"""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path

import numpy as np

from rag.embedding.embedder import Embedder

log = logging.getLogger(__name__)

MEASURE, MEASURE_UNRELATED = "minilm", 0.037  # the embedder whose scale it is, and its mean cosine
MOST_UNRELATED = 0.95  # of an embedder that tells hardly anything apart

QUESTIONS = (
    "How long does a sourdough loaf have to rest before it is baked?",
    "Which court decided on the appeal against the tax ruling?",
    "What torque is needed for the bolts of the cylinder head?",
    "When did the last glacier of the valley melt?",
    "How many players stand on a volleyball court?",
    "What dose of the medicine may a child be given?",
    "Who composed the opera that opened the season?",
    "How is a password reset on the server?",
)
PASSAGES = (
    "The orchard's pear trees are pruned in February, before the buds begin to swell.",
    "Passengers change at the harbour station, where the night train waits for the ferry.",
    "The novel's narrator returns to the house in which her grandmother kept the letters.",
    "Copper prices fell for a third week as the smelters went back to work.",
    "A spider's silk is stronger than steel of the same weight, and stretches further.",
    "The choir rehearses on Thursdays in the school's gymnasium while the hall is painted.",
    "Moonlight is bright enough for some beetles to find their way across the sand.",
    "Each flat has a cellar room of its own and a place for one bicycle in the yard.",
)


class CosineScale:
    """Brings one embedder's cosines to MiniLM's scale."""

    def __init__(self, embedder: Embedder, *, notes: Path) -> None:
        """`notes` is the folder that keeps what was measured; nothing is measured yet."""
        self._embedder = embedder
        self._note = notes / f"{embedder.fingerprint}-scale.json"
        self._measuring = threading.Lock()
        self._unrelated = MEASURE_UNRELATED if embedder.name == MEASURE else None

    def brought(self, cosine: float) -> float:
        """The cosine that MiniLM would have for it: 1 stays 1, and unrelated texts are as its are.

        The first time it loads the embedder and measures, unless that was done before. Raises
        ModelUnusable.
        """
        unrelated = min(self._known_unrelated(), MOST_UNRELATED)
        return 1 - (1 - cosine) * (1 - MEASURE_UNRELATED) / (1 - unrelated)

    def _known_unrelated(self) -> float:
        with self._measuring:
            if self._unrelated is None:
                self._unrelated = self._noted()
            if self._unrelated is None:
                self._unrelated = mean_of_unrelated(self._embedder)
                log.info("unrelated texts have a mean cosine of %.3f", self._unrelated)
                self._write(self._unrelated)
            return self._unrelated

    def _noted(self) -> float | None:
        """What was measured before; None where the note is missing or damaged."""
        try:
            unrelated = float(json.loads(self._note.read_text("utf-8"))["unrelated"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return unrelated if -1 <= unrelated <= 1 else None

    def _write(self, unrelated: float) -> None:
        """A folder that cannot be written to costs the measurement at each start."""
        new = self._note.with_suffix(".new")
        try:
            new.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps({"unrelated": round(unrelated, 4)}), "utf-8")
            new.replace(self._note)
        except OSError:
            log.warning("what was measured of the embedder cannot be kept", exc_info=True)


def mean_of_unrelated(embedder: Embedder) -> float:
    """The mean cosine of questions and passages on different topics. Raises ModelUnusable."""
    asked = np.concatenate([embedder.question(question) for question in QUESTIONS])
    return float((asked @ embedder.embed(PASSAGES).T).mean())
