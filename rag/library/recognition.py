"""The last part of a scan's way in: its pages recognised (OCR), and the document written anew."""

from __future__ import annotations

import logging
import math
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.catalog import Catalog
from rag.documents.passwords import Passwords
from rag.documents.recognized import with_recognized
from rag.documents.sandbox import ReaderProcess
from rag.errors import DocumentError, PasswordNeeded
from rag.library.embedding import PassageEmbedding
from rag.library.intake import Intake, TakenIn
from rag.library.steps import Progress, Step, added_file
from rag.scheduler import Work
from rag.stamps import still_holds
from rag.types import DocumentEntry, RecognizedPage, State, Verdict

log = logging.getLogger(__name__)


class Recognition:
    """Recognises the pages that wait for it, one document after the other."""

    def __init__(
        self,
        catalog: Catalog,
        intake: Intake,
        embedding: PassageEmbedding,
        *,
        passwords: Passwords,
    ) -> None:
        self._catalog = catalog
        self._intake = intake
        self._embedding = embedding
        self._passwords = passwords

    def run(self, work: Work) -> Iterator[Step]:
        """Each page as it begins, and each document's verdict when its pages are done.

        Each page is kept as soon as it is recognised. A protected document whose password is not
        known goes on waiting. Raises Stopped.
        """
        waiting: defaultdict[str, list[int]] = defaultdict(list)
        for document, number in self._catalog.scans.waiting():
            waiting[document].append(number)
        with (
            ReaderProcess(passwords=self._passwords) as recognizer,
            ReaderProcess(passwords=self._passwords) as reader,
        ):
            for document in self._catalog.scans.documents():
                entry = self._catalog.documents.entry(document)
                if entry is not None and self._is_as_read(entry):
                    started = time.perf_counter()
                    try:
                        yield from self._recognize(entry, waiting[document], recognizer, work)
                        taken = self._write(entry, reader, work)
                    except PasswordNeeded as error:
                        taken = TakenIn(document, Verdict.PASSWORD, str(error))
                    seconds = time.perf_counter() - started
                    yield added_file(self._catalog, Path(entry.path), taken, seconds)

    def _is_as_read(self, entry: DocumentEntry) -> bool:
        """A file that has changed or gone is taken in anew first, by whoever follows it."""
        known = self._catalog.documents.file_at(entry.path)
        return known is not None and still_holds(known)

    def _recognize(
        self,
        entry: DocumentEntry,
        numbers: Sequence[int],
        recognizer: ReaderProcess,
        work: Work,
    ) -> Iterator[Progress]:
        for done, number in enumerate(numbers):
            work.checkpoint()
            yield Progress(entry.path, "recognizing", done, len(numbers), math.inf)
            try:
                page = recognizer.recognize(
                    Path(entry.path),
                    number,
                    is_stopped=work.is_stopped,
                    must_wait=work.must_wait,
                )
            except PasswordNeeded:
                raise
            except DocumentError as error:
                log.warning("a page cannot be recognised: %s", type(error).__name__)
                page = RecognizedPage(number, "", ())  # once is enough
            self._catalog.scans.keep(entry.document, page)

    def _write(self, entry: DocumentEntry, reader: ReaderProcess, work: Work) -> TakenIn:
        recognized = self._catalog.scans.of(entry.document)
        try:
            content = reader.read(
                Path(entry.path), is_stopped=work.is_stopped, must_wait=work.must_wait
            )
        except PasswordNeeded:
            raise
        except DocumentError as error:
            return TakenIn(entry.document, Verdict.FAILED, str(error))
        taken = self._intake.write_anew(entry, with_recognized(content, recognized), work)
        self._catalog.scans.settle(entry.document)
        if taken.verdict is Verdict.READY:
            self._embedding.embed(self._embedding.missing(entry.document), work)
            self._catalog.documents.set_state(entry.document, State.READY)
        return taken
