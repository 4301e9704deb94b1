"""The first half of a document's way in: from the file to the catalog, searchable by keyword."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.catalog import Catalog, FileStamp, KnownFile
from rag.chunking import chunk
from rag.documents import kind_of
from rag.documents.hidden import hidden_sentence
from rag.documents.sandbox import ReaderProcess
from rag.errors import DamagedFile, DocumentError, PasswordNeeded, UnsupportedKind
from rag.scheduler import Work
from rag.stamps import stamp_of, stamp_unopened, still_holds
from rag.types import Document, DocumentEntry, Kind, State, Verdict
from rag.vectors import VectorStore

READINGS = 3  # of a file that something else writes to


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a file so far: `READY` here means that its embeddings are still to come."""

    document: str  # empty where nothing was read and nothing is known
    verdict: Verdict
    reason: str  # a sentence and what to do; empty where there is nothing to say


class Intake:
    """Takes files in, one at a time, each in one transaction."""

    def __init__(
        self,
        catalog: Catalog,
        vectors: VectorStore,
        *,
        passage_tokens: int,
        longest_passage: int,
        count: Callable[[str], int],
        recognizes_scans: bool,
    ) -> None:
        """`count` is the embedder's own count of tokens, and `longest_passage` what it reads."""
        self._catalog = catalog
        self._vectors = vectors
        self._passage_tokens = passage_tokens
        self._longest_passage = longest_passage
        self._count = count
        self._recognizes_scans = recognizes_scans
        self._may_have_orphans = False

    def begin(self) -> None:
        """An import begins: what a sudden end has left among the vectors goes before it writes.

        Where nothing has changed nothing is written, and the vectors need not be opened.
        """
        self._may_have_orphans = True

    def take_in(
        self,
        path: Path,
        reader: ReaderProcess,
        *,
        collection: str,
        work: Work,
        on_reading: Callable[[], None],
    ) -> TakenIn:
        """Bring one file into the catalog; `on_reading` is called if it has to be read.

        A file that cannot be read gets a verdict with the reason; nothing is raised for it.
        Raises Stopped; the file is then read when it is added again.
        """
        try:
            return self._take_in(path, reader, collection, work, on_reading)
        except DocumentError as error:
            known = self._catalog.documents.file_at(str(path))
            return TakenIn(known.document if known else "", verdict_on(error), str(error))

    def _take_in(
        self,
        path: Path,
        reader: ReaderProcess,
        collection: str,
        work: Work,
        on_reading: Callable[[], None],
    ) -> TakenIn:
        kind = kind_of(path)
        known = self._catalog.documents.file_at(str(path))
        seen = self._stamp_of(path, known, kind, collection)
        if twin := self._twin(known, seen):
            if known and known.document != twin.document:
                self._give_way(known.document, twin.document)
            return TakenIn(twin.document, self._settle(path, seen, twin, collection), "")
        if known and known.state in _AS_READ and known.stamp == seen:
            self._catalog.documents.join(known.document, collection)
            entry = self._catalog.documents.entry(known.document)
            reason = entry.reason if entry else ""
            return TakenIn(known.document, _AS_READ[known.state], reason)
        document = known.document if known else secrets.token_hex(6)
        self._catalog.documents.queue(document, str(path), kind, collection)
        on_reading()
        with self._failure_noted(document, seen):
            content, seen = self._read(path, seen, reader, work)
        unread = [page.number for page in content.pages if page.is_unread]
        # Before the text is written: a sudden end in between has the file read again.
        self._catalog.scans.queue(document, unread)
        reason = (_WAITS if self._recognizes_scans else _UNREAD) if unread else ""
        return self._write(path, document, seen, content, reason, work)

    def write_anew(self, entry: DocumentEntry, content: Document, work: Work) -> TakenIn:
        """Put other content in place of a document's whose file is as it was. Raises Stopped."""
        known = self._catalog.documents.file_at(entry.path)
        assert known is not None
        return self._write(Path(entry.path), entry.document, known.stamp, content, "", work)

    def remove(self, document: str) -> None:
        """Take a document and all that came from it out of the library."""
        passage_ids = self._catalog.passages.ids_of(document)
        self._catalog.documents.remove(document)
        self._vectors.remove(passage_ids)

    def _stamp_of(
        self, path: Path, known: KnownFile | None, kind: Kind, collection: str
    ) -> FileStamp:
        """A copy that is as it was is not read again; one that may not be read is listed."""
        try:
            return stamp_of(path, known or self._catalog.other_files.at(str(path)))
        except DamagedFile as error:
            unopened = stamp_unopened(path)
            if unopened is None:
                raise
            document = known.document if known else secrets.token_hex(6)
            self._catalog.documents.queue(document, str(path), kind, collection)
            told = self._with_text_kept(document, error)
            self._catalog.documents.fail(document, unopened, State.FAILED, str(told))
            raise told from error

    def _read(
        self, path: Path, seen: FileStamp, reader: ReaderProcess, work: Work
    ) -> tuple[Document, FileStamp]:
        """The content and its stamp; a file that was written to meanwhile is read once more."""
        for _ in range(READINGS):
            content = reader.read(path, is_stopped=work.is_stopped, must_wait=work.must_wait)
            before, seen = seen, stamp_of(path, KnownFile("", str(path), State.QUEUED, seen))
            if seen == before:
                return content, seen
        raise DamagedFile(
            f"“{path.name}” changes while it is read.",
            remedy="Add it again once whatever writes to it has finished.",
        )

    def _twin(self, known: KnownFile | None, seen: FileStamp) -> KnownFile | None:
        """A document with the very same content: this file's own, finished, or another's.

        Another's may still wait for its embedding; whoever takes it for a twin waits with it.
        """
        if known and known.state is State.READY and known.stamp.content_hash == seen.content_hash:
            return known
        twin = self._catalog.documents.file_with(seen.content_hash)
        if twin is None or twin == known:
            return None
        return twin if twin.state in (State.READY, State.SEARCHABLE) else None

    def _give_way(self, document: str, twin: str) -> None:
        """The file now holds what `twin` does: its own document goes, its collections stay."""
        entry = self._catalog.documents.entry(document)
        for collection in entry.collections if entry else ():
            self._catalog.documents.join(twin, collection)
        self.remove(document)

    def _settle(self, path: Path, seen: FileStamp, twin: KnownFile, collection: str) -> Verdict:
        self._catalog.documents.join(twin.document, collection)
        if twin.path != str(path) and still_holds(twin):
            self._catalog.other_files.note(str(path), seen, is_archive=False)
            return Verdict.DUPLICATE
        if twin.path != str(path) or twin.stamp != seen:
            self._catalog.documents.move(twin.document, str(path), seen.modified_ns)
        return Verdict.UNCHANGED

    def _write(
        self,
        path: Path,
        document: str,
        seen: FileStamp,
        content: Document,
        reason: str,
        work: Work,
    ) -> TakenIn:
        """Put the content in place of what there was; passages that stay keep their vectors."""
        has_text = bool(content.text.strip())
        state = State.SEARCHABLE if has_text else State.NO_TEXT
        if not has_text and not reason:
            reason = _why_no_text(path, content)
        reason = " ".join(filter(None, (reason, hidden_sentence(content.hidden))))
        passages = chunk(
            content,
            size=self._passage_tokens,
            count=self._counting(work),
            longest=self._longest_passage,
        )
        if self._may_have_orphans:
            self._take_out_orphans()
        replaced = self._catalog.documents.write(
            document, seen, content, passages, state=state, reason=reason
        )
        self._vectors.remove(replaced)
        return TakenIn(document, Verdict.READY if has_text else Verdict.NO_TEXT, reason)

    def _take_out_orphans(self) -> None:
        """Take out the vectors whose passages a sudden end has replaced or removed before them."""
        with_vectors = self._vectors.ids()  # first: what is added meanwhile is then no orphan
        self._vectors.remove(sorted(with_vectors - self._catalog.passages.ids()))
        self._may_have_orphans = False

    def _counting(self, work: Work) -> Callable[[str], int]:
        """The count of tokens, at each of which a question may go first: a book takes seconds."""

        def count(text: str) -> int:
            work.checkpoint()
            return self._count(text)

        return count

    @contextmanager
    def _failure_noted(self, document: str, seen: FileStamp) -> Generator[None, None, None]:
        try:
            yield
        except DocumentError as error:
            state = State.PASSWORD if isinstance(error, PasswordNeeded) else State.FAILED
            told = self._with_text_kept(document, error)
            self._catalog.documents.fail(document, seen, state, str(told))
            raise told from error

    def _with_text_kept(self, document: str, error: DocumentError) -> DocumentError:
        """The error; where an earlier version of the file was read, it says that this stays."""
        if not self._catalog.passages.ids_of(document):
            return error
        what = f"{error.what} What was read of its earlier version can still be searched."
        return type(error)(what, remedy=error.remedy)


# What became of a file that was read and is not finished, or has nothing to be finished.
_AS_READ = {State.SEARCHABLE: Verdict.READY, State.NO_TEXT: Verdict.NO_TEXT}
_WAITS = "Pages of it are pictures of text, which is recognised in the background."
_UNREAD = (
    "Pages of it are pictures of text, which is not recognised. "
    "Switch recognition on: `ocr = true` under [library] in the settings."
)


def verdict_on(error: DocumentError) -> Verdict:
    """What an error says of its file."""
    match error:
        case PasswordNeeded():
            return Verdict.PASSWORD
        case UnsupportedKind():
            return Verdict.UNSUPPORTED
        case _:
            return Verdict.FAILED


def _why_no_text(path: Path, content: Document) -> str:
    if content.kind is Kind.PICTURE:
        return (
            f"{path.name} is a picture in which no text was found. "
            "If there is some, add a sharper picture of it."
        )
    if content.pages:
        return (
            f"{path.name} has pages but no text that could be found on them. "
            "If there is some, recognise it (OCR) with another program and add it again."
        )
    return f"{path.name} is empty. Add it again when there is something in it."
