"""The set `pdfs`: the corpora typeset into PDFs, in one library with real annual reports.

What is found is laid against the text that was typeset, so that reading, pages and spans are
measured along with the search.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pypdfium2
from retrieval_evaluation.ablation import WAYS
from retrieval_evaluation.aligning import Alignment, squeeze
from retrieval_evaluation.corpora import files_and_questions, tokens_for
from retrieval_evaluation.gold import Question, other_words
from retrieval_evaluation.langchain import LangChain
from retrieval_evaluation.libraries import opened
from retrieval_evaluation.metrics import mean, touch_any, touches
from retrieval_evaluation.run import Run
from retrieval_evaluation.scoring import Locate, Searched, searched, tables_of
from retrieval_evaluation.searches import Found, Hit
from retrieval_evaluation.tables import Table
from retrieval_evaluation.typeset_corpora import TypesetText, typeset_all

from app.engine import Engine
from rag.types import Mark, Span

FIRST = 10  # passages among which the right page is looked for


def everything(folder: Path, typeset: Mapping[str, TypesetText]) -> list[Path]:
    """The files of the library: the typeset corpora and the reports."""
    reports = sorted((folder / "reports").glob("*.pdf"))
    if not reports:
        sys.exit(f"There are no PDFs in {folder / 'reports'}. Name another folder (see --help).")
    return [*(each.path for each in typeset.values()), *reports]


def measure(run: Run) -> dict[str, Table]:
    """As the set `corpora`, and pages and spans besides."""
    files, questions = files_and_questions(run.folder / "retrieval")
    texts = {path.name: path.read_text("utf-8") for path in files}
    asked = [question for question in questions if question.half is run.half]
    hardest = {question.text for question in other_words(asked, texts)}
    typeset = typeset_all(files, run.kept)
    moved = [typeset[question.document].moved(question) for question in asked]
    by_name = {each.path.name: each for each in typeset.values()}
    pdfs = everything(run.folder, typeset)
    with opened("everything", pdfs, run.kept) as engine:
        ends = tokens_for(run.folder, engine)
        by_way = {way: searched(search(engine, ends), moved) for way, search in WAYS.items()}
        locate = dict.fromkeys(by_way, locator(engine, by_name))
    if run.asks_baseline:
        baseline = LangChain("everything", pdfs, run.kept, ends)
        by_way["LangChain"] = baseline.ask([question.text for question in moved])
        locate["LangChain"] = baseline.locator(by_name)
    groups = {
        "all": moved,
        "fewest shared words": [question for question in moved if question.text in hardest],
    } | {Path(name).stem: [each for each in moved if each.document == name] for name in by_name}
    own = ("all", "fewest shared words")
    return tables_of("pdfs", groups, by_way, own=own, locate=locate) | {
        "pdfs: pages and spans": {
            way: places(moved, found, locate[way], by_name) for way, found in by_way.items()
        }
    }


def locator(engine: Engine, typeset: Mapping[str, TypesetText]) -> Locate:
    """Where spans of the library's texts were typeset; those of the reports are nowhere."""
    alignments = {}
    for entry in engine.catalog.documents.list():
        name = Path(entry.path).name
        if name in typeset:
            text = engine.catalog.documents.text(entry.document)
            alignments[name] = Alignment(text, typeset[name].squeezed.text)

    @cache
    def locate(document: str, span: Span) -> Sequence[Span]:
        return alignments[document].places(span) if document in alignments else ()

    return locate


# --- pages and spans ----------------------------------------------------------------------------


def places(
    questions: Sequence[Question],
    by_question: Searched,
    locate: Locate,
    typeset: Mapping[str, TypesetText],
) -> dict[str, float]:
    """How often the right page is there; of the passages that touch gold, what is right."""
    touching = [
        (question, hit)
        for question in questions
        for hit in by_question[question.text].hits
        if hit.document == question.document
        and touch_any(locate(hit.document, hit.span), question.places)
    ]
    marked = [hit for _, hit in touching if hit.marks]
    figures = {"their marks right": right_marks(marked, typeset)} if marked else {}
    return {
        f"right page in first {FIRST}": mean(
            has_right_page(by_question[question.text], question, typeset[question.document])
            for question in questions
        ),
        "passages on gold": len(touching),
        "their pages right": mean(
            pages_are_right(hit, question, typeset[hit.document], locate(hit.document, hit.span))
            for question, hit in touching
        ),
    } | figures


def has_right_page(found: Found, question: Question, typeset: TypesetText) -> bool:
    """Whether one of the first passages stands on a page that holds a part of the answer."""
    pages = typeset.pages(question.places)
    return any(
        hit.document == question.document and not pages.isdisjoint(hit.pages)
        for hit in found.hits[:FIRST]
    )


def pages_are_right(
    hit: Hit, question: Question, typeset: TypesetText, lying: Sequence[Span]
) -> bool:
    """Whether what it holds of an answer is on pages that it names, and it is on all of these."""
    answering = [
        Span(max(place.start, answer.start), min(place.end, answer.end))
        for place in lying
        for answer in question.places
        if touches(place, answer)
    ]
    named = set(hit.pages)
    return typeset.pages(answering) <= named <= typeset.pages(lying)


def right_marks(hits: Sequence[Hit], typeset: Mapping[str, TypesetText]) -> float:
    """The share of the passages at whose marks the page shows just them."""
    with ExitStack() as files:
        pdfs = {
            name: files.enter_context(pypdfium2.PdfDocument(text.path))
            for name, text in typeset.items()
        }
        return mean(has_right_span(hit, pdfs[hit.document]) for hit in hits)


def has_right_span(hit: Hit, pdf: pypdfium2.PdfDocument) -> bool:
    """Whether PDFium itself reads the passage's own letters and digits at its marks."""
    marked = "".join(text_at(pdf, hit.marks))
    return squeeze(marked).text == squeeze(hit.text).text


def text_at(pdf: pypdfium2.PdfDocument, marks: Iterable[object]) -> Iterable[str]:
    """What stands at marks on drawn pages."""
    for mark in marks:
        if isinstance(mark, Mark):
            page = pdf[mark.page - 1].get_textpage()
            yield page.get_text_range(mark.index, mark.length)
