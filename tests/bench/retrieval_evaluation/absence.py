"""The set `absence`: does the evidence number tell questions with an answer from those without?

Without one are our own questions on other topics, each question with its corpus left out of the
library, and each with the passages that answer it left out of every search. The questions with
their answers in the library are the other side of each curve.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from retrieval_evaluation.corpora import files_and_questions, tokens_for
from retrieval_evaluation.gold import Half, Question, half_of
from retrieval_evaluation.libraries import opened
from retrieval_evaluation.metrics import auroc, passing, touch_any
from retrieval_evaluation.run import Run
from retrieval_evaluation.searches import Search, deskbook
from retrieval_evaluation.tables import Table
from spine import ROOT

from app.engine import Engine
from rag.types import Span

OTHER_TOPICS = ROOT / "tests" / "data" / "retrieval" / "other_topics.txt"
THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

Numbers = Mapping[str, Sequence[float]]  # by what was asked, and of which library


def measure(run: Run) -> dict[str, Table]:
    """The areas under the curves, and the curves at chosen points."""
    files, questions = files_and_questions(run.folder / "retrieval")
    asked = [question for question in questions if question.half is run.half]
    with opened("corpora", files, run.kept) as engine:
        search = deskbook(engine, tokens_for(run.folder, engine))
        there = [search(question.text).likelihood for question in asked]
        without = {
            "other topics": [search(text).likelihood for text in other_topics(run.half)],
            "its answer taken out": answers_taken_out(engine, search, asked),
        }
    without["its corpus left out"] = corpora_left_out(files, run.kept, asked, run.folder)
    areas = {
        kind: {"AUROC": auroc(there, numbers), "questions": len(numbers)}
        for kind, numbers in without.items()
    }
    return {
        f"absence: against {len(there)} questions with their answers": areas,
        "absence: share that passes a threshold": curve({"answer there": there} | without),
    }


def other_topics(half: Half) -> list[str]:
    """Our own questions on what no corpus is about."""
    lines = OTHER_TOPICS.read_text("utf-8").splitlines()
    return [line for line in lines if half_of(line) is half]


def curve(numbers: Numbers) -> Table:
    """The share of each kind of question whose number reaches each threshold."""
    return {
        kind: {f"{threshold}": passing(values, threshold) for threshold in THRESHOLDS}
        for kind, values in numbers.items()
    }


# --- the answer taken out -----------------------------------------------------------------------


def answers_taken_out(engine: Engine, search: Search, questions: Sequence[Question]) -> list[float]:
    """The number for each question while no search sees the passages that touch its answer."""
    passages = passages_of(engine.settings.paths.catalog)
    numbers = []
    for question in questions:
        hidden = {
            passage_id
            for passage_id, document, span in passages
            if document == question.document and touch_any([span], question.places)
        }
        with left_out(engine, hidden):
            numbers.append(search(question.text).likelihood)
    return numbers


def passages_of(catalog: Path) -> list[tuple[int, str, Span]]:
    """Id, file's name and span of each passage."""
    db = sqlite3.connect(f"{catalog.as_uri()}?mode=ro", uri=True)
    try:
        rows = db.execute(
            'SELECT passages.id, path, start, "end" '
            "FROM passages JOIN documents ON documents.id = document"
        ).fetchall()
    finally:
        db.close()
    return [(each, Path(path).name, Span(start, end)) for each, path, start, end in rows]


@contextmanager
def left_out(engine: Engine, hidden: set[int]) -> Iterator[None]:
    """Inside, neither leg finds these passages: what comes after them moves up."""
    passages, vectors = engine.catalog.passages, engine.vectors
    with (
        mock.patch.object(passages, "search", _without(passages.search, hidden)),
        mock.patch.object(vectors, "nearest", _without(vectors.nearest, hidden)),
    ):
        yield


def _without(
    search: Callable[..., list[tuple[int, float]]], hidden: set[int]
) -> Callable[..., list[tuple[int, float]]]:
    def searched(*args: object, limit: int, **options: object) -> list[tuple[int, float]]:
        found = search(*args, limit=limit + len(hidden), **options)
        return [(each, score) for each, score in found if each not in hidden][:limit]

    return searched


# --- the corpus left out ------------------------------------------------------------------------


def corpora_left_out(
    files: Sequence[Path], kept: Path, questions: Sequence[Question], folder: Path
) -> list[float]:
    """The number for each question in a library of which its corpus was removed."""
    numbers = []
    for path in files:
        with opened("corpora", files, kept) as engine:
            search = deskbook(engine, tokens_for(folder, engine))
            for entry in engine.catalog.documents.list():
                if Path(entry.path).name == path.name:
                    engine.library.remove(entry.document)
            asked = [question for question in questions if question.document == path.name]
            numbers += [search(question.text).likelihood for question in asked]
    return numbers
