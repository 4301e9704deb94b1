"""What retrieval is to reach on the reporting half, beside what it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval_evaluation.tables import Table

OURS, THEIRS = "Deskbook", "LangChain"


@dataclass(frozen=True, slots=True)
class Target:
    """A figure of Deskbook's, or how many times the baseline's it is, and what it should be."""

    name: str
    table: str  # how its title begins
    row: str
    column: str
    value: float
    is_ratio: bool = False  # to LangChain's in the same run
    is_most: bool = False  # what is reached should not be above it


TARGETS = (
    Target("gold within 500 tokens", "corpora: all", OURS, "gold@500", 0.80),
    Target("gold within 1,000 tokens", "corpora: all", OURS, "gold@1000", 0.91),
    Target("gold within 2,000 tokens", "corpora: all", OURS, "gold@2000", 0.95),
    Target("1,000, fewest shared words", "corpora: fewest", OURS, "gold@1000", 0.83),
    Target("1,000, times LangChain", "corpora: all", OURS, "gold@1000", 1.2, is_ratio=True),
    Target("1,000 in PDFs, times LangChain", "pdfs: all", OURS, "gold@1000", 1.2, is_ratio=True),
    Target("first passage on gold, MRR", "corpora: all", OURS, "MRR", 0.80),
    Target("reports: page in first 10", "reports: right page (", OURS, "first 10", 0.70),
    Target(
        "the same, times LangChain", "reports: right page (", OURS, "first 10", 1.6, is_ratio=True
    ),
    Target("pages right, of those on gold", "pdfs: pages", OURS, "their pages right", 1.0),
    Target("marks right, of those on gold", "pdfs: pages", OURS, "their marks right", 1.0),
    Target("AUROC, other topics", "absence: against", "other topics", "AUROC", 0.99),
    Target("AUROC, answer taken out", "absence: against", "its answer taken out", "AUROC", 0.75),
    Target("p95, 10,000 passages, ms", "latency: 10,000", OURS, "ms p95", 120, is_most=True),
    Target("p95, 100,000 passages, ms", "latency: 100,000", OURS, "ms p95", 200, is_most=True),
    Target("first vector, s", "latency: first", "10000", "together, s", 0.5, is_most=True),
)


def beside_targets(tables: Mapping[str, Table]) -> dict[str, Table]:
    """A row for each target whose figure was measured."""
    rows = {}
    for target in TARGETS:
        table = next((t for title, t in tables.items() if title.startswith(target.table)), {})
        row = reached(target, table)
        if row:
            rows[target.name] = row
    return {"beside the targets": rows} if rows else {}


def reached(target: Target, table: Table) -> dict[str, float]:
    """What is reached, what should be, what the baseline reaches, and whether it is enough."""
    ours = table.get(target.row, {}).get(target.column)
    theirs = table.get(THEIRS, {}).get(target.column)
    if ours is None or (target.is_ratio and not theirs):
        return {}
    value = ours / theirs if target.is_ratio and theirs else ours
    is_enough = value <= target.value if target.is_most else value >= target.value
    row = {"reached": value, "target": target.value, "is enough": float(is_enough)}
    return row | ({THEIRS: theirs} if theirs is not None else {})
