"""Many files on their way in at once: while one is read, others are embedded.

Reading runs ahead, so that everything can soon be searched by keyword; what is read waits for
its embedding on disk, not in memory.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rag.catalog import Catalog
from rag.documents.passwords import Passwords
from rag.documents.sandbox import ReaderProcess
from rag.hardware import physical_cores
from rag.library.embedding import PassageEmbedding
from rag.library.forecast import Forecast, work_of
from rag.library.intake import Intake, TakenIn
from rag.library.steps import Progress, Step, added_file
from rag.scheduler import Work
from rag.types import State, Verdict

TOLD_EVERY_S = 0.5  # while one file takes long
TOGETHER = 256  # passages embedded in one go, so that like lengths meet


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file that is in the catalog and waits for its embedding."""

    path: Path
    taken: TakenIn
    passage_ids: list[int]
    read_seconds: float


class Import:
    """One run over some files. Use it once."""

    def __init__(
        self,
        catalog: Catalog,
        intake: Intake,
        embedding: PassageEmbedding,
        files: Sequence[Path],
        *,
        collection: str,
        work: Work,
        passwords: Passwords,
    ) -> None:
        self._catalog = catalog
        self._intake = intake
        self._embedding = embedding
        self._files = [path.absolute() for path in files]
        self._collection = collection
        self._passwords = passwords
        self._work = work.part()  # so that the threads end when nobody reads the steps any more
        self._forecast = Forecast(self._files, threads=physical_cores())
        self._counting = threading.Lock()
        self._done = 0
        self._told_at = 0.0
        self._steps: queue.SimpleQueue[Step | BaseException | None] = queue.SimpleQueue()
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()

    def run(self) -> Iterator[Step]:
        """Each file's stages as they begin and its verdict, as they come, not by file.

        Raises Stopped where the work is stopped; what is in the catalog by then is finished by
        the next reconciliation.
        """
        threads = [
            threading.Thread(target=self._guarded, args=(half,), name=half.__name__, daemon=True)
            for half in (self._read, self._embed)
        ]
        self._intake.begin()
        for thread in threads:
            thread.start()
        try:
            yield from self._told(len(threads))
        finally:
            self._work.stop()
            for thread in threads:
                thread.join()

    def _told(self, running: int) -> Iterator[Step]:
        while running:
            step = self._steps.get()
            match step:
                case None:
                    running -= 1
                case BaseException():
                    raise step
                case _:
                    yield step

    def _guarded(self, half: Callable[[], None]) -> None:
        """What goes wrong in a thread is raised where the steps are read."""
        try:
            half()
        except BaseException as error:
            self._steps.put(error)
        else:
            self._steps.put(None)

    def _read(self) -> None:
        try:
            with ReaderProcess(passwords=self._passwords) as reader:
                for path in self._files:
                    self._work.checkpoint()
                    self._read_one(path, reader)
        finally:
            self._waiting.put(None)

    def _read_one(self, path: Path, reader: ReaderProcess) -> None:
        started = time.perf_counter()
        taken = self._intake.take_in(
            path,
            reader,
            collection=self._collection,
            work=self._work,
            on_reading=lambda: self._tell(path, "reading"),
        )
        seconds = time.perf_counter() - started
        passage_ids: list[int] = []
        if taken.verdict in (Verdict.READY, Verdict.DUPLICATE):
            passage_ids = self._embedding.missing(taken.document)
        # A copy's passages are its original's, which count already.
        to_embed = passage_ids if taken.verdict is Verdict.READY else []
        characters = self._embedding.characters_of(to_embed)
        self._forecast.note_read(path, work_of(len(to_embed), characters), seconds)
        if taken.verdict is Verdict.READY or passage_ids:
            self._waiting.put(_Waiting(path, taken, passage_ids, seconds))
        else:
            self._finish(path, taken, seconds)

    def _embed(self) -> None:
        more = True
        while more:
            together, more = self._take_together()
            if together:
                self._embed_together(together)

    def _take_together(self) -> tuple[list[_Waiting], bool]:
        """The next files that wait, about as many as make `TOGETHER`; and whether more come."""
        together: list[_Waiting] = []
        while sum(len(each.passage_ids) for each in together) < TOGETHER:
            try:
                each = self._waiting.get(block=not together)
            except queue.Empty:
                break
            if each is None:
                return together, False
            together.append(each)
        return together, True

    def _embed_together(self, together: list[_Waiting]) -> None:
        started = time.perf_counter()
        self._tell(together[0].path, "embedding")
        self._embedding.embed(
            [passage_id for each in together for passage_id in each.passage_ids],
            self._work,
            on_embedded=partial(self._note_embedded, together),
        )
        share = (time.perf_counter() - started) / len(together)
        for each in together:
            self._catalog.documents.set_state(each.taken.document, State.READY)
            self._finish(each.path, each.taken, each.read_seconds + share)

    def _note_embedded(
        self, together: list[_Waiting], passages: int, characters: int, seconds: float
    ) -> None:
        self._forecast.note_embedded(work_of(passages, characters), seconds)
        if time.monotonic() - self._told_at >= TOLD_EVERY_S:
            self._tell(together[0].path, "embedding")

    def _tell(self, path: Path, stage: str) -> None:
        self._told_at = time.monotonic()
        self._steps.put(
            Progress(str(path), stage, self._done, len(self._files), self._forecast.seconds_left)
        )

    def _finish(self, path: Path, taken: TakenIn, seconds: float) -> None:
        with self._counting:
            self._done += 1
        self._steps.put(added_file(self._catalog, path, taken, seconds))
