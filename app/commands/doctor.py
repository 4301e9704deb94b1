"""`deskbook doctor`: this machine, the library's health, what is installed."""

from __future__ import annotations

import argparse
import dataclasses
import json
import platform
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from app.commands.invocation import Invocation
from app.commands.terminal import Terminal
from app.engine import Engine
from app.graphics import measured_machine
from app.messages import AddPaths, Answered, Ask, Event
from app.model_store import model_store
from app.performing import perform
from app.settings import ASSETS, DEFAULT_COLLECTION, Paths, Settings
from rag.embedding.onnx import OnnxEmbedder
from rag.embedding.prefixed import PrefixedEmbedder
from rag.errors import DeskbookError, ModelError
from rag.hardware import Processor
from rag.library.language_offer import offer_for, unknown_language
from rag.models.gguf import read_header
from rag.scheduler import Work
from rag.types import EVERYWHERE, Answer, Mode

EXAMPLE = "deskbook doctor --self-test"
PACKAGES = (
    "deskbook",
    "PySide6-Essentials",
    "llama-cpp-python",
    "sentence-transformers",
    "torch",
    "chromadb",
    "pypdf",
    "pypdfium2",
    "onnxruntime",
    "rapidocr",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    is_well: bool
    sentence: str


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `doctor`."""
    parser.add_argument("--repair", action="store_true", help="mend what can be mended")
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="read, embed, search and answer once, with a library of its own",
    )


def run(invocation: Invocation) -> int:
    """Look at everything; 1 if something is not well."""
    is_all_well = True
    for finding in _findings(invocation):
        is_all_well &= finding.is_well
        _print(finding, invocation.terminal)
    return 0 if is_all_well else 1


def _findings(invocation: Invocation) -> Iterator[Finding]:
    yield from _machine(invocation.settings)
    yield from _library(invocation)
    yield _model(invocation.settings)
    if invocation.arguments.self_test:
        yield _self_test(invocation.settings)


def _print(finding: Finding, terminal: Terminal) -> None:
    if terminal.is_json:
        terminal.line({"name": finding.name, "well": finding.is_well, "sentence": finding.sentence})
    else:
        mark = "well" if finding.is_well else "NOT WELL"
        terminal.result(f"{finding.name}: {mark}: {finding.sentence}")


def _machine(settings: Settings) -> Iterator[Finding]:
    machine = measured_machine(settings, model_store(settings))
    memory = f"{machine.available_bytes / 1e9:.1f} of {machine.memory_bytes / 1e9:.1f} GB free"
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    yield Finding("machine", True, f"{system}, {in_words(machine.processor)}, {memory}")
    yield Finding("graphics", True, machine.offload)
    for package in PACKAGES:
        try:
            yield Finding(package, True, metadata.version(package))
        except metadata.PackageNotFoundError:
            yield Finding(package, False, "It is not installed; install Deskbook again.")


def in_words(processor: Processor) -> str:
    """The processor, and how many of its cores compute where they are not all alike."""
    told = f"{processor.name} with {processor.physical_cores} cores"
    if processor.performance_cores < processor.physical_cores:
        return f"{told} ({processor.performance_cores} of them compute for the model)"
    return told


def _library(invocation: Invocation) -> Iterator[Finding]:
    try:
        with invocation.opened() as (engine, work):
            if invocation.arguments.repair:
                engine.catalog.passages.rebuild_index()
                engine.vectors.renew()
                engine.library.reconcile(work)
            yield from _health(engine)
    except DeskbookError as error:
        yield Finding("library", False, str(error))


def _health(engine: Engine) -> Iterator[Finding]:
    problems = engine.catalog.problems()
    yield Finding("catalog", not problems, "; ".join(problems) or "whole")
    passage_ids, with_vectors = engine.catalog.passages.ids(), engine.vectors.ids()
    amiss = len(passage_ids ^ with_vectors)
    yield Finding(
        "vectors",
        not amiss,
        f"{amiss} passages and vectors do not match; `deskbook doctor --repair` mends it."
        if amiss
        else f"{len(passage_ids)} passages, each with its vector",
    )
    yield Finding("embedder", True, f"{engine.embedder.fingerprint}, through {_way(engine)}")
    if language := unknown_language(engine.catalog, engine.languages):
        yield Finding("language", True, offer_for(language))
    if not engine.embedder_choice.is_settled:
        yield Finding("next embedder", True, _next_embedder(engine))
    yield Finding("recognition", True, _recognition(engine))


def _next_embedder(engine: Engine) -> str:
    """How far the change to another embedder has come, or why it cannot go on."""
    wanted = engine.embedder_choice.wanted
    try:
        vectors = engine.vectors_of(engine.open_embedder(wanted).embedder)
    except ModelError as error:
        return str(error)
    done, total = len(vectors.ids()), engine.catalog.passages.count()
    vectors.close(is_shared=True)
    return (
        f"{wanted} has read {done} of {total} passages and is used once it has read all. "
        f"It goes on while Deskbook is open, or at once with `deskbook models use {wanted}`."
    )


def _way(engine: Engine) -> str:
    """The library that computes vectors, and in which numbers."""
    embedder = engine.embedder
    match embedder.plain if isinstance(embedder, PrefixedEmbedder) else embedder:
        case OnnxEmbedder(precision=precision):
            return f"onnxruntime in {precision}"
        case _:
            return "sentence-transformers"


def _recognition(engine: Engine) -> str:
    """Whether pages that are pictures of text are read (OCR), and how many wait for it."""
    waiting = engine.catalog.scans.waiting()
    document_count = len({document for document, _ in waiting})
    is_on = engine.settings.library.ocr
    state = "on" if is_on else "off: `ocr = true` under [library] in the settings switches it on"
    return f"{state}; pages that wait to be read: {len(waiting)}, in {document_count} documents"


def _model(settings: Settings) -> Finding:
    """The header of the model that would answer: it is not loaded."""
    store, name = model_store(settings), settings.model.name
    try:
        chosen = store.find(name) if name else store.default()
        if chosen is None:
            return Finding("model", True, "none; answers are quotations")
        read_header(chosen.path)
    except DeskbookError as error:
        return Finding("model", False, str(error))
    return Finding("model", True, f"{chosen.name} at {chosen.path}")


def _self_test(settings: Settings) -> Finding:
    """The whole way from the sample documents to an answer that cites them."""
    try:
        answer = _sample_answer(settings)
    except DeskbookError as error:
        return Finding("self-test", False, str(error))
    is_well = bool(answer.citations)
    return Finding("self-test", is_well, f"answered with {len(answer.citations)} citations")


def _sample_answer(settings: Settings) -> Answer:
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths.of(Path(folder))
        with Engine(dataclasses.replace(settings, paths=paths)) as engine:
            work = Work(engine.scheduler)
            samples = AddPaths(1, (str(ASSETS / "samples"),), DEFAULT_COLLECTION)
            perform(engine, samples, lambda event: None, work)
            answers: list[Answer] = []

            def keep(event: Event) -> None:
                if isinstance(event, Answered):
                    answers.append(event.answer)

            perform(engine, Ask(2, _sample_question(), Mode.DOCUMENTS, EVERYWHERE, ()), keep, work)
    (answer,) = answers
    return answer


def _sample_question() -> str:
    questions: list[str] = json.loads((ASSETS / "sample_questions.json").read_text("utf-8"))
    return questions[0]
