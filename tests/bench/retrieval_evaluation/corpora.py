"""The set `corpora`: five texts in one library as they are, and the questions with exact places."""

from __future__ import annotations

import sys
from pathlib import Path

from retrieval_evaluation.ablation import WAYS
from retrieval_evaluation.gold import Question, other_words, read_questions, with_repeats
from retrieval_evaluation.langchain import LangChain
from retrieval_evaluation.libraries import opened
from retrieval_evaluation.run import Run
from retrieval_evaluation.scoring import searched, tables_of
from retrieval_evaluation.tables import Table
from retrieval_evaluation.tokens import TokenEnds, token_ends

from app.engine import Engine


def measure(run: Run) -> dict[str, Table]:
    """Each way of searching: over all questions, over those hardest to word, and by corpus."""
    files, questions = files_and_questions(run.folder / "retrieval")
    texts = {path.name: path.read_text("utf-8") for path in files}
    questions = [question for question in questions if question.half is run.half]
    groups = {"all": questions, "fewest shared words": other_words(questions, texts)} | {
        path.stem: [each for each in questions if each.document == path.name] for path in files
    }
    with opened("corpora", files, run.kept) as engine:
        check_texts(engine, texts)
        ends = tokens_for(run.folder, engine)
        by_way = {
            way: searched(search_of(engine, ends), questions) for way, search_of in WAYS.items()
        }
    if run.asks_baseline:
        by_way["LangChain"] = LangChain("corpora", files, run.kept, ends).ask(
            [q.text for q in questions]
        )
    return tables_of("corpora", groups, by_way, own=("all", "fewest shared words"))


def tokens_for(folder: Path, engine: Engine) -> TokenEnds:
    """How tokens of evidence are counted; said once, since it decides the figures."""
    embedder = engine.models.embedder_folder(engine.embedder.name)
    name, ends = token_ends(folder / "cl100k_base.tiktoken", embedder)
    print(f"tokens of evidence: {name}", file=sys.stderr)
    return ends


def files_and_questions(folder: Path) -> tuple[list[Path], list[Question]]:
    """The corpora's files and the questions on them; without them the benchmark ends."""
    files = sorted((folder / "corpora").glob("*.md"))
    questions = folder / "questions.csv"
    if not files or not questions.is_file():
        sys.exit(
            f"There are no corpora/*.md and questions.csv in {folder}. "
            "Name the folder that holds retrieval/ (see --help)."
        )
    texts = {path.name: path.read_text("utf-8") for path in files}
    return files, [with_repeats(each, texts[each.document]) for each in read_questions(questions)]


def check_texts(engine: Engine, texts: dict[str, str]) -> None:
    """The questions' places hold in the library only if its texts are the files' own."""
    for entry in engine.catalog.documents.list():
        name = Path(entry.path).name
        if engine.catalog.documents.text(entry.document) != texts[name]:
            sys.exit(f"The text of {name} in the library is not the file's: no place in it holds.")
