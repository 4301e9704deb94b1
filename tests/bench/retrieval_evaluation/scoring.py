"""Questions asked one after the other, and the figures of what was found for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from retrieval_evaluation.ablation import FUSED, LEGS
from retrieval_evaluation.gold import Question
from retrieval_evaluation.metrics import (
    Place,
    gold_share,
    mean,
    quantile,
    reciprocal_rank,
    within,
)
from retrieval_evaluation.searches import Found, Search
from retrieval_evaluation.tables import Table

from rag.types import Span

BUDGETS = (500, 1_000, 2_000)  # tokens of evidence
COMPARED = ("gold@1000", "MRR")  # by group

Searched = Mapping[str, Found]  # by the question's text
Locate = Callable[[str, Span], Sequence[Span]]  # where a span of a text lies among the answers'


def as_it_is(document: str, span: Span) -> Sequence[Span]:
    """For texts that were read as they are."""
    return (span,)


def searched(search: Search, questions: Sequence[Question]) -> Searched:
    """What the search finds for each question; the first is asked twice, to be warm."""
    search(questions[0].text)
    return {question.text: search(question.text) for question in questions}


def figures(
    questions: Sequence[Question], by_question: Searched, locate: Locate = as_it_is
) -> dict[str, float]:
    """The means over the questions, and how long they took."""
    asked = [(question, by_question[question.text]) for question in questions]
    shares = {
        f"gold@{budget}": mean(
            gold_share(question.document, question.alternatives, evidence(found, budget, locate))
            for question, found in asked
        )
        for budget in BUDGETS
    }
    ranks = mean(
        reciprocal_rank(question.document, question.places, ranked(found, locate))
        for question, found in asked
    )
    return shares | {"MRR": ranks} | times([found for _, found in asked])


def evidence(found: Found, budget_tokens: int, locate: Locate) -> list[Place]:
    """Where what the first so many tokens of the evidence hold lies."""
    return [
        (document, place)
        for document, span in within(found.evidence_at(budget_tokens), budget_tokens)
        for place in locate(document, span)
    ]


def ranked(found: Found, locate: Locate) -> list[tuple[str, Sequence[Span]]]:
    """Where each passage lies, best first."""
    return [(hit.document, locate(hit.document, hit.span)) for hit in found.hits]


def times(founds: Sequence[Found]) -> dict[str, float]:
    """How long the questions took, median and 95th percentile."""
    clock = [1000 * found.seconds for found in founds]
    core = [1000 * found.core_seconds for found in founds if found.core_seconds]
    figures = {"ms": quantile(clock, 0.5), "ms p95": quantile(clock, 0.95)}
    return figures | ({"core ms p95": quantile(core, 0.95)} if core else {})


def tables_of(
    title: str,
    groups: Mapping[str, Sequence[Question]],
    by_way: Mapping[str, Searched],
    *,
    own: Sequence[str],
    locate: Mapping[str, Locate] | None = None,
) -> dict[str, Table]:
    """A table for each group named in `own`, and one of all groups for each compared figure."""
    locates = locate or {}
    by_group = {
        f"{group} ({len(asked)})": {
            way: figures(asked, found, locates.get(way, as_it_is)) for way, found in by_way.items()
        }
        for group, asked in groups.items()
        if asked
    }
    tables: dict[str, Table] = {
        f"{title}: {group}": table
        for group, table in by_group.items()
        if group.rpartition(" ")[0] in own
    }
    for column in COMPARED:
        compared = {
            way: {group: table[way][column] for group, table in by_group.items()} for way in by_way
        }
        tables[f"{title}: {column}"] = compared | lead(compared)
    return tables


def lead(compared: Mapping[str, Mapping[str, float]]) -> Table:
    """How far the fusion, and all that follows it, is above the better leg."""
    legs = [compared[leg] for leg in LEGS]
    return {
        f"{way}, above the better leg": {
            group: value - max(leg[group] for leg in legs) for group, value in compared[way].items()
        }
        for way in FUSED
    }
