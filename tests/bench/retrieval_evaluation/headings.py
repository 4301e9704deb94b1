"""The set `headings`: what the heading paths are worth that stand before what is searched.

Two libraries of the same PDFs, one whose passages know no headings; titles stay in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest import mock

from retrieval_evaluation.corpora import files_and_questions, tokens_for
from retrieval_evaluation.gold import half_of
from retrieval_evaluation.libraries import Embed, opened, remembering
from retrieval_evaluation.pdfs import everything, locator
from retrieval_evaluation.reports import QUESTIONS, read_page_questions, right_pages
from retrieval_evaluation.run import Run
from retrieval_evaluation.scoring import figures, searched
from retrieval_evaluation.searches import deskbook
from retrieval_evaluation.tables import Table
from retrieval_evaluation.typeset_corpora import typeset_all

from app.engine import Engine
from rag.library import intake
from rag.types import Passage


def measure(run: Run) -> dict[str, Table]:
    """Deskbook with headings and without, on the typeset corpora and on the reports."""
    files, questions = files_and_questions(run.folder / "retrieval")
    typeset = typeset_all(files, run.kept)
    by_name = {each.path.name: each for each in typeset.values()}
    asked = [typeset[q.document].moved(q) for q in questions if q.half is run.half]
    paged = [each for each in read_page_questions(QUESTIONS) if half_of(each.text) is run.half]
    of_corpora, of_reports = {}, {}
    for name, (library, making) in LIBRARIES.items():
        with opened(library, everything(run.folder, typeset), run.kept, making=making) as engine:
            search = deskbook(engine, tokens_for(run.folder, engine))
            found = searched(search, asked)
            of_corpora[name] = figures(asked, found, locator(engine, by_name))
            of_reports[name] = right_pages(paged, {q.text: search(q.text) for q in paged})
    return {"headings: typeset corpora": of_corpora, "headings: reports, right page": of_reports}


@contextmanager
def without_headings(engine: Engine, remembered: Embed) -> Iterator[None]:
    """Inside, passages are cut as ever and then forget their headings."""
    chunk = intake.chunk

    def bare(*args: object, **options: object) -> tuple[Passage, ...]:
        passages: tuple[Passage, ...] = chunk(*args, **options)
        return tuple(replace(passage, heading_path=()) for passage in passages)

    with remembering(engine, remembered), mock.patch.object(intake, "chunk", bare):
        yield


LIBRARIES = {
    "Deskbook": ("everything", remembering),
    "without headings": ("bare", without_headings),
}
