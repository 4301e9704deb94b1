"""The engine of one data folder: library, retriever and language model, opened as they are needed.

The engine process and the command line both use it. It knows of requests and events nothing:
`app.performing` turns the one into the other.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from app.card_deaths import note_at_rest
from app.embedder_choice import EmbedderChoice, read_choice, write_choice
from app.embedders import OpenedEmbedder, measured_in, open_installed
from app.language_models import LanguageModels, OpenedModel
from app.libraries import prepare_libraries
from app.model_store import model_store
from app.passwords import KeptPasswords
from app.settings import ASSETS, Paths, Settings
from rag.answering import Answering, Limits
from rag.catalog import Catalog
from rag.documents.passwords import Passwords
from rag.embedding import Embedder
from rag.embedding.scale import CosineScale
from rag.errors import BadRequest, LibraryInUse, LibraryNotWritable, ModelError
from rag.library import Library
from rag.prompting import read_prompts
from rag.research import Research
from rag.retrieval.retriever import Retriever
from rag.retrieval.separate_reranker import SeparateReranker
from rag.scheduler import Scheduler
from rag.torch_process import TorchProcess
from rag.vectors import VectorStore

log = logging.getLogger(__name__)


class Engine:
    """Holds the lock on the library from opening to closing; its parts come with first use."""

    def __init__(self, settings: Settings, language_models: LanguageModels | None = None) -> None:
        """`language_models` are those that are being opened already, if any are.

        Raises LibraryInUse, LibraryNotWritable, LibraryDamaged, LibraryTooNew, ModelMissing.
        """
        prepare_libraries()
        self.settings = settings
        self.scheduler = Scheduler()
        self.one_question = threading.Lock()  # the model has one conversation in hand at a time
        self._opening = threading.RLock()
        self._answering: Answering | None = None
        self._torch = TorchProcess()
        self._lock = _lock(settings.paths)
        try:
            self.models = model_store(settings)
            self.catalog = Catalog(settings.paths.catalog)
            self.embedder_choice, opened = self._open_embedder()
        except BaseException:
            self._lock.release()
            raise
        self._prompts = read_prompts(ASSETS / "prompts")
        self.language_models = language_models or LanguageModels(settings, self.models)
        self.kept_passwords = KeptPasswords(settings.paths.kept_passwords)
        self.passwords = Passwords(kept=self.kept_passwords.of)
        reranker = self.models.reranker_folder()
        self._reranker = SeparateReranker(reranker, self._torch) if reranker else None
        self._search_with(opened, self.vectors_of(opened.embedder))

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
        self.language_models.close()
        note_at_rest(self.settings.paths)
        self._torch.close()
        self.vectors.close()
        self.catalog.close()
        self._lock.release()

    # --- the embedder ---------------------------------------------------------------------------

    def open_embedder(self, name: str) -> OpenedEmbedder:
        """An installed embedder, not loaded yet. Raises ModelMissing, ModelUnusable."""
        return open_installed(self.models.embedder(name), self.settings.paths, self._torch)

    def vectors_of(self, embedder: Embedder) -> VectorStore:
        """The vectors that this embedder has made of the library, or is to make."""
        return VectorStore(
            self.settings.paths.vectors,
            embedder=embedder.fingerprint,
            server=self.settings.library.chroma_server,
        )

    def want_embedder(self, name: str) -> None:
        """The library is to have this embedder; remembered from one start to the next.

        Raises ModelMissing, ModelUnusable, LibraryNotWritable, and BadRequest where the settings
        name another.
        """
        wish = self.settings.library.embedder
        if wish and wish != name:
            raise BadRequest(
                f"The settings want the embedder “{wish}”, so “{name}” would not last.",
                remedy=f"Take `embedder` out of {self.settings.paths.settings_file} first.",
            )
        self.open_embedder(name)
        self._choose(EmbedderChoice(self.embedder_choice.in_use, wanted=name))

    def use_embedder(self, opened: OpenedEmbedder, vectors: VectorStore) -> None:
        """From now on search and add with it: `vectors` are those that it has made of the library.

        What is under way goes on with the one before, whose store is left open. Raises
        LibraryNotWritable; then all stays as it was.
        """
        self._choose(EmbedderChoice(opened.embedder.name, self.embedder_choice.wanted))
        with self._opening:
            self._search_with(opened, vectors)
            if self._answering is not None:
                self._answering = self._answering_with(self.language_models.opened)

    def _open_embedder(self) -> tuple[EmbedderChoice, OpenedEmbedder]:
        """The one in use; for an empty library the wanted one; where that cannot be, the other."""
        paths = self.settings.paths
        choice = read_choice(paths.embedder_choice, wish=self.settings.library.embedder)
        names = [choice.in_use, choice.wanted]
        if choice.in_use != choice.wanted and not self.catalog.passages.count():
            names.reverse()
        try:
            opened = self.open_embedder(names[0])
        except ModelError:
            if names[0] == names[1]:
                raise
            log.warning("the embedder %s cannot be opened, %s is used", *names, exc_info=True)
            opened = self.open_embedder(names[1])
        return EmbedderChoice(opened.embedder.name, choice.wanted), opened

    def _choose(self, choice: EmbedderChoice) -> None:
        with told_if_not_writable(self.settings.paths):
            write_choice(self.settings.paths.embedder_choice, choice)
        self.embedder_choice = choice

    def _search_with(self, opened: OpenedEmbedder, vectors: VectorStore) -> None:
        settings = self.settings
        self.embedder, self.languages = opened.embedder, opened.languages
        self.vectors = vectors
        self.library = Library(
            self.catalog,
            vectors,
            self.embedder,
            passage_tokens=settings.library.passage_tokens,
            recognizes_scans=settings.library.ocr,
            passwords=self.passwords,
        )
        self.retriever = Retriever(
            self.catalog,
            vectors,
            self.embedder,
            languages=opened.languages,
            scale=CosineScale(self.embedder, notes=measured_in(settings.paths)),
            reranker=self._reranker,
        )
        self._research = Research(self.retriever, self.embedder)

    # --- the language model ---------------------------------------------------------------------

    @property
    def answering(self) -> Answering:
        """The way from question to answer. Loads the language model. Raises ModelError."""
        with self._opening:
            return self._answering or self.open_model()

    def open_model(self) -> Answering:
        """Choose and load the language model. Raises ModelError."""
        with self._opening:
            self._answering = self._answering_with(self.language_models.open())
            return self._answering

    def answer_without_model(self) -> Answering:
        """From now on answer by quotation alone."""
        with self._opening:
            self.language_models.close()
            self._answering = self.quoting
            return self._answering

    @property
    def quoting(self) -> Answering:
        """The way from question to answer without a language model, whatever answers otherwise."""
        return self._answering_with(None)

    @property
    def misses_server(self) -> bool:
        """Whether the settings name a server that did not answer when it was looked for."""
        return bool(self.settings.server.address) and self.language_models.opened is None

    def use_model(self, name: str) -> None:
        """From now on answer with this language model, at the next start too.

        Raises ModelError, LibraryNotWritable and BadRequest; then all stays as it was.
        """
        opened = self.language_models.use(name)
        with self._opening:
            self._answering = self._answering_with(opened)

    def warm_up(self, is_stopped: Callable[[], bool]) -> None:
        """Have the language model read its system prompt, before anyone asks. Raises Stopped."""
        if (opened := self.language_models.opened) is not None:
            prompts = self._prompts
            system = prompts.demonstration if opened.is_demonstration else prompts.documents
            self.language_models.read_for_ever(system.text, is_stopped)

    def measure_model(self, is_stopped: Callable[[], bool]) -> None:
        """Measure the language model, unless its speed is known. Raises Stopped."""
        speed = self.language_models.measure(is_stopped)
        if self._answering is not None:
            self._answering.speed = speed

    def _answering_with(self, opened: OpenedModel | None) -> Answering:
        answers = self.settings.answers
        return Answering(
            self._research,
            self.catalog.pages,
            opened.model if opened else None,
            prompts=self._prompts,
            limits=Limits(answers.evidence_tokens, answers.answer_tokens),
            is_demonstration=opened is not None and opened.is_demonstration,
            speed=self.language_models.speed if opened else None,
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
