"""The set `reports`: questions of our own on five annual reports, by page, with all else beside.

Right is a page on which the answer stands (tests/data/retrieval/report_questions.csv, the physical
pages). The library is that of the set `pdfs`; LangChain's tutorial is asked in the same run.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from retrieval_evaluation.ablation import WAYS
from retrieval_evaluation.corpora import files_and_questions, tokens_for
from retrieval_evaluation.gold import half_of
from retrieval_evaluation.langchain import LangChain
from retrieval_evaluation.libraries import opened
from retrieval_evaluation.metrics import mean
from retrieval_evaluation.pdfs import everything
from retrieval_evaluation.run import Run
from retrieval_evaluation.scoring import Searched, lead, times
from retrieval_evaluation.searches import Found
from retrieval_evaluation.tables import Table
from retrieval_evaluation.typeset_corpora import typeset_all
from spine import ROOT

QUESTIONS = ROOT / "tests" / "data" / "retrieval" / "report_questions.csv"
FIRST = (1, 5, 10)  # passages among which the right page is looked for
FIGURES = tuple(f"first {first}" for first in FIRST)


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A question, and the pages of one file on which its answer stands."""

    text: str
    document: str  # the file's name
    pages: frozenset[int]  # physical, from 1
    answer: str  # as it stands there


def read_page_questions(path: Path) -> list[PageQuestion]:
    """The questions of a CSV file with the columns question, file, pages and answer."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            PageQuestion(
                row["question"],
                row["file"],
                frozenset(map(int, row["pages"].split())),
                row["answer"],
            )
            for row in csv.DictReader(file)
        ]


def measure(run: Run) -> dict[str, Table]:
    """How often the right page is found, by each way and by LangChain."""
    asked = [each for each in read_page_questions(QUESTIONS) if half_of(each.text) is run.half]
    texts = [question.text for question in asked]
    files = everything(
        run.folder, typeset_all(files_and_questions(run.folder / "retrieval")[0], run.kept)
    )
    with opened("everything", files, run.kept) as engine:
        ends = tokens_for(run.folder, engine)
        by_way: dict[str, Searched] = {}
        for way, search_of in WAYS.items():
            search = search_of(engine, ends)
            search(texts[0])
            by_way[way] = {text: search(text) for text in texts}
    if run.asks_baseline:
        by_way["LangChain"] = LangChain("everything", files, run.kept, ends).ask(texts)
    shares = {way: right_pages(asked, found) for way, found in by_way.items()}
    leads = lead({way: {f: row[f] for f in FIGURES} for way, row in shares.items()})
    return {
        f"reports: right page ({len(asked)})": shares | leads,
        "reports: right page in first 10": {
            way: by_document(asked, found) for way, found in by_way.items()
        },
    }


def right_pages(asked: list[PageQuestion], by_question: Searched) -> dict[str, float]:
    """The share of the questions whose page is among the first passages, and the time."""
    founds = [(question, by_question[question.text]) for question in asked]
    shares = {
        figure: mean(has_page(question, found, first) for question, found in founds)
        for figure, first in zip(FIGURES, FIRST, strict=True)
    }
    right_document = mean(
        any(hit.document == question.document for hit in found.hits[: FIRST[-1]])
        for question, found in founds
    )
    return (
        shares
        | {f"document, first {FIRST[-1]}": right_document}
        | times([found for _, found in founds])
    )


def by_document(asked: list[PageQuestion], by_question: Searched) -> Mapping[str, float]:
    """The same among the first ten, report by report."""
    documents = sorted({question.document for question in asked})
    groups = {name: [each for each in asked if each.document == name] for name in documents}
    return {
        f"{name.split('_')[0]} ({len(group)})": mean(
            has_page(question, by_question[question.text], FIRST[-1]) for question in group
        )
        for name, group in groups.items()
    }


def has_page(question: PageQuestion, found: Found, first: int) -> bool:
    """Whether one of the first passages touches a right page."""
    return any(
        hit.document == question.document and not question.pages.isdisjoint(hit.pages)
        for hit in found.hits[:first]
    )
