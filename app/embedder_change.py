"""Another embedder for the library: prepared in the background, then put in place at once.

Until then the library goes on with the one that it has, and the vectors of both are kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from app.engine import Engine
from app.lanes import Lane
from app.messages import ChangingEmbedder, Event, LibraryChanged
from rag.errors import DeskbookError, Stopped
from rag.library.reembedding import Reembedding
from rag.scheduler import Work

log = logging.getLogger(__name__)

NOBODY = 0  # the request id of what nobody asked for just now

OnFilled = Callable[[int, int], None]  # passages that are done, and all there are


class EmbedderChange:
    """From the embedder in use to the wanted one; `prepare` it, then `finish`, or `close` it."""

    def __init__(self, engine: Engine, *, on_filled: OnFilled) -> None:
        """Raises ModelMissing and ModelUnusable where the wanted one cannot be opened."""
        self._engine = engine
        self._on_filled = on_filled
        self._opened = engine.open_embedder(engine.embedder_choice.wanted)
        self._vectors = engine.vectors_of(self._opened.embedder)
        self._reembedding = Reembedding(engine.catalog, self._vectors, self._opened.embedder)

    def prepare(self, work: Work) -> None:
        """Read all passages with it: hours, for a large library, and done by and by.

        Raises ModelUnusable, LibraryDamaged, VectorServerAway and Stopped; what was done is kept.
        """
        self._opened.embedder.load()
        self._reembedding.fill(work, on_filled=self._on_filled)

    def finish(self, work: Work) -> None:
        """Read what has come meanwhile, and put it in place; to be called while nothing is added.

        The vectors of the one before are forgotten once no question needs them any more. Raises as
        `prepare` does, and LibraryNotWritable.
        """
        self._reembedding.fill(work, on_filled=self._on_filled)
        before = self._engine.vectors
        self._engine.use_embedder(self._opened, self._vectors)
        log.info("the embedder is now %s", self._opened.embedder.name)
        try:
            work.checkpoint()  # questions that were begun with the one before come to their end
        finally:
            before.close(is_shared=True)
        self._engine.library.reconcile(work)  # for what was held up between catalog and vectors
        self._vectors.tidy(work.checkpoint)

    def close(self) -> None:
        """Leave it for later, unless it is in place."""
        if self._engine.vectors is not self._vectors:
            self._vectors.close(is_shared=True)


class ChangeInBackground:
    """The change that a running engine makes beside its other work, told in events."""

    def __init__(
        self,
        engine: Engine,
        work: Work,
        emit: Callable[[Event], None],
        *,
        finishing: Lane,
        held_up: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """While the change ends nothing is added: `finishing` is the lane of imports, and inside
        `held_up` no scans are recognised.
        """
        self._engine = engine
        self._work = work
        self._emit = emit
        self._finishing = finishing
        self._held_up = held_up
        self._told = ChangingEmbedder(NOBODY, "", 0, 0, is_in_use=False, notice="")

    def run(self) -> None:
        """Prepare the change, if there is one to be made, and have it finished."""
        choice = self._engine.embedder_choice
        if choice.is_settled:
            return
        self._told = replace(self._told, embedder=choice.wanted)
        with self._failure_told():
            change = EmbedderChange(self._engine, on_filled=self._tell)
            with self._closed_unless_done(change):
                change.prepare(self._work)
            self._finishing.submit(lambda: self._finish(change))

    def _finish(self, change: EmbedderChange) -> None:
        with self._failure_told(), self._closed_unless_done(change), self._held_up():
            change.finish(self._work)
            self._tell_that(replace(self._told, is_in_use=True))
            self._emit(LibraryChanged(NOBODY))

    @contextmanager
    def _closed_unless_done(self, change: EmbedderChange) -> Iterator[None]:
        try:
            yield
        except BaseException:
            change.close()
            raise

    @contextmanager
    def _failure_told(self) -> Iterator[None]:
        """A change that fails costs nothing but itself, and is tried again at the next start."""
        try:
            yield
        except Stopped:
            log.info("the change of the embedder goes on at the next start")
        except DeskbookError as error:
            log.warning("the embedder cannot be changed: %s", type(error).__name__)
            notice = f"{error} Until then the library keeps “{self._engine.embedder.name}”."
            self._tell_that(replace(self._told, notice=notice))

    def _tell(self, done: int, total: int) -> None:
        """Not each batch: each hundredth part."""
        before, self._told = self._told, replace(self._told, done=done, total=total)
        if 100 * done // max(total, 1) != 100 * before.done // max(before.total, 1):
            self._emit(self._told)

    def _tell_that(self, event: ChangingEmbedder) -> None:
        self._told = event
        self._emit(event)
