"""Questions asked one after the other, and the figures of what was found for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retrieval_evaluation.gold import Question
from retrieval_evaluation.metrics import gold_share, mean, quantile, reciprocal_rank, within
from retrieval_evaluation.tables import Table
from retrieval_evaluation.under_test import Found, Search

BUDGETS = (500, 1_000, 2_000)  # tokens of evidence
COMPARED = ("gold@1000", "MRR")  # by group

Searched = Mapping[str, Found]  # by the question's text


def searched(search: Search, questions: Sequence[Question]) -> Searched:
    """What the search finds for each question; the first is asked twice, to be warm."""
    search(questions[0].text)
    return {question.text: search(question.text) for question in questions}


def figures(questions: Sequence[Question], by_question: Searched) -> dict[str, float]:
    """The means over the questions, and how long they took."""
    asked = [(question, by_question[question.text]) for question in questions]
    shares = {
        f"gold@{budget}": mean(
            gold_share(question.document, question.answers, within(found.pieces, budget))
            for question, found in asked
        )
        for budget in BUDGETS
    }
    ranks = mean(
        reciprocal_rank(question.document, question.answers, found.passages)
        for question, found in asked
    )
    milliseconds = [1000 * found.seconds for _, found in asked]
    return shares | {
        "MRR": ranks,
        "ms": quantile(milliseconds, 0.5),
        "ms p95": quantile(milliseconds, 0.95),
    }


def tables_of(
    title: str,
    groups: Mapping[str, Sequence[Question]],
    by_way: Mapping[str, Searched],
    *,
    own: Sequence[str],
) -> dict[str, Table]:
    """A table for each group named in `own`, and one of all groups for each compared figure."""
    by_group = {
        f"{group} ({len(asked)})": {way: figures(asked, found) for way, found in by_way.items()}
        for group, asked in groups.items()
        if asked
    }
    tables: dict[str, Table] = {
        f"{title}: {group}": table
        for group, table in by_group.items()
        if group.rpartition(" ")[0] in own
    }
    for column in COMPARED:
        tables[f"{title}: {column}"] = {
            way: {group: table[way][column] for group, table in by_group.items()} for way in by_way
        }
    return tables
