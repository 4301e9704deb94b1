"""How fast a model reads and writes on this machine, as it was measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second; `draft_cost` is what a batch of drafted tokens costs, in single ones."""

    reading: float
    writing: float
    draft_cost: float
