"""The catalog's documents: their files, states, texts, pages and collections."""

from __future__ import annotations

import builtins
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.catalog.connections import Connections
from rag.catalog.packing import join_text, pack_json, pack_runs
from rag.catalog.replacing import remove_passages, replace_passages
from rag.catalog.scans import lines_to_json
from rag.catalog.scoping import documents_within
from rag.catalog.stamps import FileStamp, range_below
from rag.errors import UnknownDocument
from rag.types import Document, DocumentEntry, Kind, Page, Passage, Scope, Span, State


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A document's file as the catalog last saw it."""

    document: str
    path: str
    state: State
    stamp: FileStamp


class Documents:
    """The documents of one library."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    # --- what is there --------------------------------------------------------------------------

    def list(self, collection: str = "") -> tuple[DocumentEntry, ...]:
        """All documents, or those of one collection, by title."""
        rows = self._connections.rows(
            f"{_ENTRIES} WHERE ?1 = '' OR id IN "
            "(SELECT document FROM memberships WHERE collection = ?1) "
            "ORDER BY title COLLATE NOCASE, path",
            collection,
        )
        return tuple(_entry(*row) for row in rows)

    def entry(self, document: str) -> DocumentEntry | None:
        """The document with this id, if it is there."""
        rows = self._connections.rows(f"{_ENTRIES} WHERE id = ?", document)
        return _entry(*rows[0]) if rows else None

    def find(self, name: str) -> DocumentEntry:
        """The document with this id, this path, or else this file name or title.

        Raises UnknownDocument.
        """
        entries = self.list()
        paths = (name, str(Path(name).absolute()))
        found = [entry for entry in entries if entry.document == name or entry.path in paths] or [
            entry for entry in entries if name in (Path(entry.path).name, entry.title)
        ]
        if len(found) == 1:
            return found[0]
        remedy = "`deskbook documents` lists what there is, each with its id."
        if found:
            raise UnknownDocument(f"{len(found)} documents are called {name!r}.", remedy=remedy)
        raise UnknownDocument(f"There is no document {name!r} in the library.", remedy=remedy)

    def titled(self, title: str) -> builtins.list[str]:
        """The ids of the documents with this title, in whatever case."""
        rows = self._connections.rows(
            "SELECT id FROM documents WHERE title = ? COLLATE NOCASE ORDER BY id", title
        )
        return [document for (document,) in rows]

    def paths(self) -> builtins.list[tuple[str, str]]:
        """The id and the path of every document."""
        return self._connections.rows("SELECT id, path FROM documents ORDER BY id")

    def within(self, scope: Scope) -> builtins.list[str] | None:
        """The ids of the documents in a scope; None where it is everything. Raises BadRequest."""
        return documents_within(self._connections, scope)

    def text(self, document: str) -> str:
        """A document's text as it was read. Raises UnknownDocument where it is gone."""
        self._headings(document)
        blocks = self._connections.rows(
            "SELECT text FROM text_blocks WHERE document = ? ORDER BY start", document
        )
        with self._connections.translated():
            return join_text(block for (block,) in blocks)

    def headings(self, document: str) -> tuple[Span, ...]:
        """Where a document's headings stand in its text. Raises UnknownDocument."""
        return tuple(Span(start, end) for start, end in json.loads(self._headings(document)))

    def file_at(self, path: str) -> KnownFile | None:
        """What is known of the file at this path."""
        return self._known_file("path = ?", path)

    def file_with(self, content_hash: str) -> KnownFile | None:
        """A file that holds these very bytes."""
        return self._known_file("content_hash = ?", content_hash)

    def files_below(self, folder: str) -> dict[str, KnownFile]:
        """What is known of the files in a folder and its sub-folders, by path."""
        rows = self._connections.rows(
            f"SELECT {_KNOWN_FILE} FROM documents WHERE path >= ? AND path < ?",
            *range_below(folder),
        )
        return {file.path: file for file in (_known_file(*row) for row in rows)}

    # --- what happens to them -------------------------------------------------------------------

    def queue(self, document: str, path: str, kind: Kind, collection: str) -> None:
        """Note a file that is to be read; one known already keeps its document and content."""
        with self._connections.transaction() as db:
            db.execute(
                "INSERT INTO documents (id, path, content_hash, size_bytes, modified_ns, kind, "
                "title, state, reason, added_at) VALUES (?, ?, '', 0, 0, ?, ?, ?, '', ?) "
                "ON CONFLICT (path) DO UPDATE SET state = excluded.state, reason = ''",
                (document, path, kind, Path(path).stem, State.QUEUED, time.time()),
            )
            db.execute(
                "INSERT OR IGNORE INTO memberships SELECT id, ?1 FROM documents "
                "WHERE path = ?2 AND ?1 <> ''",
                (collection, path),
            )

    def write(
        self,
        document: str,
        stamp: FileStamp,
        content: Document,
        passages: Sequence[Passage],
        *,
        state: State,
        reason: str = "",
    ) -> Sequence[int]:
        """Put a document's content in place of what there was, in one transaction.

        With it the document can be searched by keyword. The ids of passages that are gone come
        back; those that did not change keep theirs.
        """
        headings = json.dumps([(h.span.start, h.span.end) for h in content.headings])
        with self._connections.transaction() as db:
            for table in ("pages", "texts"):
                db.execute(f"DELETE FROM {table} WHERE document = ?", (document,))
            gone = replace_passages(db, document, content, passages)
            db.execute(
                "UPDATE documents SET content_hash = ?, size_bytes = ?, modified_ns = ? "
                "WHERE id = ?",
                (stamp.content_hash, stamp.size_bytes, stamp.modified_ns, document),
            )
            db.execute(
                "UPDATE documents SET kind = ?, state = ?, reason = ? WHERE id = ?",
                (content.kind, state, reason, document),
            )
            db.execute("INSERT INTO texts VALUES (?, ?)", (document, headings))
            db.executemany(
                "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)",
                (_page_row(document, page) for page in content.pages),
            )
        return gone

    def set_state(self, document: str, state: State) -> None:
        """Note how far a document has come."""
        with self._connections.transaction() as db:
            db.execute("UPDATE documents SET state = ? WHERE id = ?", (state, document))

    def fail(self, document: str, stamp: FileStamp, state: State, reason: str) -> None:
        """Note that this version of the file cannot be read; what was read before stays."""
        with self._connections.transaction() as db:
            db.execute(
                "UPDATE documents SET content_hash = ?, size_bytes = ?, modified_ns = ? "
                "WHERE id = ?",
                (stamp.content_hash, stamp.size_bytes, stamp.modified_ns, document),
            )
            db.execute(
                "UPDATE documents SET state = ?, reason = ? WHERE id = ?", (state, reason, document)
            )

    def move(self, document: str, path: str, modified_ns: int) -> None:
        """Note that a document's unchanged file lies elsewhere now, or was touched."""
        with self._connections.transaction() as db:
            db.execute(
                "UPDATE documents SET path = ?, modified_ns = ? WHERE id = ?",
                (path, modified_ns, document),
            )

    def join(self, document: str, collection: str) -> None:
        """Put a document into a collection as well; into none where it has no name."""
        if not collection or self._connections.rows(
            "SELECT 1 FROM memberships WHERE document = ? AND collection = ?", document, collection
        ):
            return  # the common case, and a write costs a hundred reads
        with self._connections.transaction() as db:
            db.execute("INSERT OR IGNORE INTO memberships VALUES (?, ?)", (document, collection))

    def remove(self, document: str) -> None:
        """Take a document and all that came from it out of the catalog."""
        with self._connections.transaction() as db:
            rows = db.execute("SELECT id FROM passages WHERE document = ?", (document,))
            remove_passages(db, [passage_id for (passage_id,) in rows])
            db.execute(
                "DELETE FROM documents WHERE id = ?", (document,)
            )  # and all that hangs on it

    def _headings(self, document: str) -> str:
        rows = self._connections.rows("SELECT headings FROM texts WHERE document = ?", document)
        if not rows:
            raise UnknownDocument(
                f"The library holds no text of the document {document}.",
                remedy="Add its file again to read it.",
            )
        ((headings,),) = rows
        return str(headings)

    def _known_file(self, where: str, value: str) -> KnownFile | None:
        rows = self._connections.rows(f"SELECT {_KNOWN_FILE} FROM documents WHERE {where}", value)
        return _known_file(*rows[0]) if rows else None


_KNOWN_FILE = "id, path, state, size_bytes, modified_ns, content_hash"


def _known_file(
    document: str, path: str, state: str, size_bytes: int, modified_ns: int, content_hash: str
) -> KnownFile:
    stamp = FileStamp(size_bytes, modified_ns, content_hash)
    return KnownFile(document, path, State(state), stamp)


_ENTRIES = """
    SELECT id, path, title, kind, state, reason,
        (SELECT count(*) FROM pages WHERE document = documents.id),
        (SELECT count(*) FROM passages WHERE document = documents.id),
        (SELECT json_group_array(collection) FROM memberships WHERE document = documents.id)
    FROM documents"""


def _entry(
    document: str,
    path: str,
    title: str,
    kind: str,
    state: str,
    reason: str,
    page_count: int,
    passage_count: int,
    collections: str,
) -> DocumentEntry:
    names = tuple(sorted(json.loads(collections)))
    return DocumentEntry(
        document, path, title, Kind(kind), State(state), reason, page_count, passage_count, names
    )


def _page_row(document: str, page: Page) -> tuple[object, ...]:
    runs, lines = pack_runs(page.runs), pack_json(lines_to_json(page.lines))
    return document, page.number, page.label, page.span.start, page.span.end, runs, lines
