"""The catalog's tables and the steps from each version of them to the next."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from rag.catalog.pack_texts import pack_texts
from rag.errors import LibraryTooNew
from rag.folding import fold
from rag.languages import STEMMERS


def create_tables(db: sqlite3.Connection) -> None:
    """Version 1."""
    for statement in _VERSION_1.split(";\n\n"):
        db.execute(statement)


_VERSION_1 = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    content_hash TEXT NOT NULL,  -- SHA-256 of the file; empty while it was never read
    size_bytes INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    added_at REAL NOT NULL  -- seconds since 1970
);

CREATE INDEX documents_by_hash ON documents (content_hash);

CREATE TABLE memberships (
    document TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    collection TEXT NOT NULL,
    PRIMARY KEY (document, collection)
) WITHOUT ROWID;

CREATE TABLE texts (
    document TEXT PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    text TEXT NOT NULL,
    headings TEXT NOT NULL  -- JSON: [[start, end], ...]
);

CREATE TABLE pages (
    document TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    number INTEGER NOT NULL,
    label TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    runs TEXT NOT NULL,  -- JSON: [[start, index, length], ...]
    PRIMARY KEY (document, number)
) WITHOUT ROWID;

CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: the vectors are kept by it
    document TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    heading_path TEXT NOT NULL,  -- JSON: ["Chapter", "Section"]
    text TEXT NOT NULL
);

CREATE INDEX passages_by_document ON passages (document, start);

CREATE VIEW indexed_passages AS
    SELECT passages.id, passages.document, documents.title, passages.heading_path, passages.text
    FROM passages JOIN documents ON documents.id = passages.document;

CREATE VIRTUAL TABLE passage_index USING fts5 (
    title, heading_path, text,
    content = 'indexed_passages', content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
"""


def index_folded_text(db: sqlite3.Connection) -> None:
    """Version 2: ligatures and words parted at line ends can be searched."""
    for statement in _VERSION_2.split(";\n\n"):
        db.execute(statement)
    passages = db.execute("SELECT id, text FROM passages").fetchall()
    db.executemany(
        "UPDATE passages SET folded = ? WHERE id = ?",
        (
            (folded, passage_id)
            for passage_id, text in passages
            if (folded := fold(text)) != " ".join(text.split())
        ),
    )
    db.execute("INSERT INTO passage_index (passage_index) VALUES ('rebuild')")


_VERSION_2 = """
ALTER TABLE passages ADD COLUMN folded TEXT NOT NULL DEFAULT '';

DROP VIEW indexed_passages;

CREATE VIEW indexed_passages AS
    SELECT passages.id, passages.document, documents.title, passages.heading_path,
        CASE passages.folded WHEN '' THEN passages.text ELSE passages.folded END AS text
    FROM passages JOIN documents ON documents.id = passages.document;
"""


def follow_folders(db: sqlite3.Connection) -> None:
    """Folders that the library follows, and files in them that it is to leave out."""
    db.execute(
        "CREATE TABLE folders (path TEXT PRIMARY KEY, collection TEXT NOT NULL) WITHOUT ROWID"
    )
    db.execute("CREATE TABLE left_out (path TEXT PRIMARY KEY) WITHOUT ROWID")


def keep_scans(db: sqlite3.Connection) -> None:
    """Version 4: lines recognised in the pictures of pages, and the pages that wait for that."""
    db.execute("ALTER TABLE pages ADD COLUMN lines TEXT NOT NULL DEFAULT '[]'")  # JSON: see scans
    db.execute(
        """
        CREATE TABLE scans (
            document TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
            number INTEGER NOT NULL,
            text TEXT NOT NULL,
            lines TEXT NOT NULL,  -- JSON; empty while the page waits
            PRIMARY KEY (document, number)
        ) WITHOUT ROWID
        """
    )


def index_stems(db: sqlite3.Connection) -> None:
    """The full-text index reads stems of each document's language (see `rag.indexing`)."""
    for statement in _STEMS.split(";\n\n"):
        db.execute(statement)
    db.execute("INSERT INTO index_maker VALUES (?)", (STEMMERS,))


_STEMS = """
ALTER TABLE documents ADD COLUMN language TEXT NOT NULL DEFAULT '';

UPDATE documents SET language = coalesce(
    (SELECT language_of(text) FROM texts WHERE document = documents.id), '');

CREATE TABLE index_maker (stemmers TEXT NOT NULL);

CREATE VIEW stemmed_passages AS
    SELECT indexed_passages.id, document, index_text(indexed_passages.title, language) AS title,
        index_text(heading_path, language) AS heading_path, index_text(text, language) AS text
    FROM indexed_passages JOIN documents ON documents.id = document;

DROP TABLE passage_index;

CREATE VIRTUAL TABLE passage_index USING fts5 (
    title, heading_path, text,
    content = 'stemmed_passages', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2'
);

CREATE VIRTUAL TABLE passage_vocabulary USING fts5vocab (passage_index, row);

INSERT INTO passage_index (passage_index) VALUES ('rebuild')
"""


def keep_collections(db: sqlite3.Connection) -> None:
    """Collections that may be empty; what is left out; files without a document of their own."""
    for statement in _COLLECTIONS.split(";\n\n"):
        db.execute(statement)


_COLLECTIONS = """
CREATE TABLE collections (name TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE INDEX memberships_by_collection ON memberships (collection);

CREATE TABLE patterns (
    folder TEXT PRIMARY KEY,  -- empty for the whole library
    lines TEXT NOT NULL  -- JSON: ["*.log", ...]
) WITHOUT ROWID;

CREATE TABLE other_files (  -- copies of documents' files, and archives
    path TEXT PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    is_archive INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX other_files_by_hash ON other_files (content_hash);

ALTER TABLE folders ADD COLUMN looked_at REAL NOT NULL DEFAULT 0;

ALTER TABLE folders ADD COLUMN is_away INTEGER NOT NULL DEFAULT 0
"""


def note_embedded(db: sqlite3.Connection) -> None:
    """What text each passage was embedded with, by its checksum (see `embedded`)."""
    db.execute(
        """
        CREATE TABLE embedded (
            passage INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE,
            checksum INTEGER NOT NULL
        )
        """
    )
    db.execute("CREATE INDEX embedded_by_checksum ON embedded (checksum)")


def index_keywords(db: sqlite3.Connection) -> None:
    """A document's tags, other names and file name are searched with its title.

    Documents that are there have none until they are read again, so the index stays as it is.
    """
    for statement in _KEYWORDS.split(";\n\n"):
        db.execute(statement)


_KEYWORDS = """
ALTER TABLE documents ADD COLUMN keywords TEXT NOT NULL DEFAULT '';

DROP VIEW stemmed_passages;

CREATE VIEW stemmed_passages AS
    SELECT indexed_passages.id, document,
        index_text(indexed_passages.title || ' ' || keywords, language) AS title,
        index_text(heading_path, language) AS heading_path, index_text(text, language) AS text
    FROM indexed_passages JOIN documents ON documents.id = document
"""


MIGRATIONS = (
    create_tables,
    index_folded_text,
    follow_folders,
    keep_scans,
    index_stems,
    keep_collections,
    note_embedded,
    pack_texts,
    index_keywords,
)  # append only: the position is the version


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing of what is written inside."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if db.in_transaction:  # where the disk is full, SQLite has rolled back by itself
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def migrate(db: sqlite3.Connection) -> None:
    """Bring the database to the newest version. Raises LibraryTooNew where it is newer still."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise LibraryTooNew(
            f"This library has version {version}, and this Deskbook knows {len(MIGRATIONS)}.",
            remedy="Open it with a newer Deskbook.",
        )
    for number, step in enumerate(MIGRATIONS[version:], start=version + 1):
        with transaction(db):
            step(db)
            db.execute(f"PRAGMA user_version = {number}")
