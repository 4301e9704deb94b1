"""The engine of one data folder: library, retriever and language model, opened as they are needed.

The engine process and the command line both use it. It knows of requests and events nothing:
`app.performing` turns the one into the other.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from app.passwords import KeptPasswords
from app.settings import ASSETS, Paths, Settings
from rag.answering import Answering, Limits
from rag.catalog import Catalog
from rag.documents.passwords import Passwords
from rag.embedding import Embedder, open_embedder
from rag.embedding.scale import CosineScale
from rag.errors import LibraryInUse, LibraryNotWritable
from rag.generation import LanguageModel
from rag.gguf import read_header
from rag.hardware import Machine, fit, physical_cores
from rag.library import Library
from rag.models import Catalogue, InstalledEmbedder, InstalledModel, ModelStore
from rag.prompting import read_prompts
from rag.research import Research
from rag.retrieval.cross_encoder import CrossEncoderReranker
from rag.retrieval.retriever import Retriever
from rag.scheduler import Scheduler
from rag.vectors import VectorStore

log = logging.getLogger(__name__)


class Engine:
    """Holds the lock on the library from opening to closing; its parts come with first use."""

    def __init__(self, settings: Settings) -> None:
        """Raises LibraryInUse, LibraryNotWritable, LibraryDamaged, LibraryTooNew, ModelMissing."""
        _prepare_libraries()
        self.settings = settings
        self.scheduler = Scheduler()
        self.one_question = threading.Lock()  # the model has one conversation in hand at a time
        self._opening = threading.RLock()
        self._answering: Answering | None = None
        self._lock = _lock(settings.paths)
        try:
            self.models = model_store(settings)
            self.catalog = Catalog(settings.paths.catalog)
            chosen = self.models.embedder(settings.library.embedder)
            self.embedder = _open_embedder(chosen, settings.paths)
        except BaseException:
            self._lock.release()
            raise
        self.vectors = VectorStore(
            settings.paths.vectors,
            embedder=self.embedder.fingerprint,
            server=settings.library.chroma_server,
        )
        self.kept_passwords = KeptPasswords(settings.paths.kept_passwords)
        self.passwords = Passwords(kept=self.kept_passwords.of)
        self.library = Library(
            self.catalog,
            self.vectors,
            self.embedder,
            passage_tokens=settings.library.passage_tokens,
            recognizes_scans=settings.library.ocr,
            passwords=self.passwords,
        )
        reranker = self.models.reranker_folder()
        self.retriever = Retriever(
            self.catalog,
            self.vectors,
            self.embedder,
            languages=chosen.languages,
            scale=CosineScale(self.embedder, notes=settings.paths.models / "measured"),
            reranker=CrossEncoderReranker(reranker) if reranker else None,
        )
        self._research = Research(self.retriever, self.embedder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the model, the vectors, the catalog and the lock."""
        if self._answering is not None and self._answering.model is not None:
            self._answering.model.close()
        self.vectors.close()
        self.catalog.close()
        self._lock.release()

    @property
    def chosen_model(self) -> InstalledModel | None:
        """The model that answers: the one asked for, else the best one installed, if any.

        Raises ModelMissing where one was asked for that is not there.
        """
        name = self.settings.model.name
        return self.models.find(name) if name else self.models.default()

    @property
    def answering(self) -> Answering:
        """The way from question to answer. Loads the language model. Raises ModelError."""
        with self._opening:
            if self._answering is None:
                self._answering = self._open_answering(self.chosen_model)
            return self._answering

    def answer_without_model(self) -> Answering:
        """From now on answer by quotation alone."""
        with self._opening:
            self._answering = self._open_answering(None)
            return self._answering

    def _open_answering(self, chosen: InstalledModel | None) -> Answering:
        answers = self.settings.answers
        return Answering(
            self._research,
            self.catalog.pages,
            self._load(chosen) if chosen else None,
            prompts=read_prompts(ASSETS / "prompts"),
            limits=Limits(answers.evidence_tokens, answers.answer_tokens),
            is_demonstration=chosen is not None and chosen.is_demonstration,
        )

    def _load(self, chosen: InstalledModel) -> LanguageModel:
        model = self.settings.model
        gpu_layers = model.gpu_layers
        if gpu_layers < 0:
            header = read_header(chosen.path)
            gpu_layers = fit(header, Machine.measure(), model.context_tokens).gpu_layers
        return LanguageModel.load(
            chosen.path,
            name=chosen.name,
            context_tokens=model.context_tokens,
            threads=model.threads or physical_cores(),
            gpu_layers=gpu_layers,
        )


def model_store(settings: Settings) -> ModelStore:
    """The models installed for these settings."""
    return ModelStore(settings.paths.models, Catalogue.read(ASSETS / "models.toml"))


def _open_embedder(chosen: InstalledEmbedder, paths: Paths) -> Embedder:
    return open_embedder(
        chosen.folder,
        name=chosen.name,
        threads=physical_cores(),
        graphs=ASSETS / "embedders",
        notes=paths.models / "measured",
        question_prefix=chosen.question_prefix,
        passage_prefix=chosen.passage_prefix,
    )


@contextmanager
def locked_library(paths: Paths) -> Iterator[None]:
    """Inside, no engine opens the library. Raises LibraryInUse and LibraryNotWritable."""
    lock = _lock(paths)
    try:
        yield
    finally:
        lock.release()


def _lock(paths: Paths) -> FileLock:
    """The lock, held; the folder is made where there is none."""
    with told_if_not_writable(paths):
        paths.data.mkdir(parents=True, exist_ok=True)
        lock = FileLock(paths.lock)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise LibraryInUse(
                f"The library in {paths.data} is open in another Deskbook.",
                remedy="Close that one first, or choose another library with --data-dir.",
            ) from error
    return lock


@contextmanager
def told_if_not_writable(paths: Paths) -> Iterator[None]:
    """Turns a failure to write into the data folder into LibraryNotWritable."""
    try:
        yield
    except OSError as error:
        raise LibraryNotWritable(
            f"The folder {paths.data} cannot be written to: {error.strerror or error}.",
            remedy="Give yourself the right to write there, or choose another with --data-dir.",
        ) from error


def _prepare_libraries() -> None:
    """What torch, llama.cpp and the hub's client read from the environment when first loaded."""
    # Nothing leaves the machine, nor does anyone ask a hub whether a model is newer there.
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ[name] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    # Threads that wait for each other sleep instead of spinning. With another program on one of
    # two cores, reading a prompt of 632 tokens took 8 s so, and 33 s with the default.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
