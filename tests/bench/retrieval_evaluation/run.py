"""What one run of the benchmark is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from retrieval_evaluation.gold import Half


@dataclass(frozen=True, slots=True)
class Run:
    """Where the texts are, where what is made of them is kept, and which questions are asked."""

    folder: Path  # holds retrieval/, reports/ and the ranks of Phi-4's tokens
    kept: Path
    half: Half
    asks_baseline: bool = True  # LangChain's tutorial, whose first run takes long
