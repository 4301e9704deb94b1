"""Migration: no text is kept twice, and what is long is compressed (see `packing`)."""

from __future__ import annotations

import json
import sqlite3

from rag.catalog.packing import pack_folded, pack_json, pack_runs, write_text
from rag.types import Run


def pack_texts(db: sqlite3.Connection) -> None:
    """Passages are cut from their document's text, and their headings are kept once a document.

    Ids stay, and what the full-text index has read stays the same, so it is not made anew.
    """
    _run(db, _NEW_TABLES)
    _pack_folded(db)
    _pack_pages(db)
    for document, text in db.execute("SELECT document, text FROM texts").fetchall():
        write_text(db, document, text)
    _run(db, _WITHOUT_TEXTS)


def _pack_folded(db: sqlite3.Connection) -> None:
    rows = db.execute("SELECT folded, text, id FROM passages WHERE folded <> ''").fetchall()
    db.executemany(
        "UPDATE passages SET folded = ? WHERE id = ?",
        ((pack_folded(folded, text), passage_id) for folded, text, passage_id in rows),
    )


def _pack_pages(db: sqlite3.Connection) -> None:
    rows = db.execute("SELECT runs, lines, document, number FROM pages").fetchall()
    db.executemany(
        "UPDATE pages SET runs = ?, lines = ? WHERE document = ? AND number = ?",
        (
            (pack_runs(Run(*run) for run in json.loads(runs)), pack_json(lines), *key)
            for runs, lines, *key in rows
        ),
    )


def _run(db: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";\n\n"):
        db.execute(statement)


# A row of passages costs as much as all else of the catalog but texts and index: so no path here.
_NEW_TABLES = """
CREATE TABLE text_blocks (
    document TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL,  -- characters before it
    text BLOB NOT NULL,  -- of 16,384 characters, in UTF-8, by zlib; the last one of fewer
    PRIMARY KEY (document, start)
);

CREATE TABLE heading_paths (
    document TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    number INTEGER NOT NULL,  -- in the document, from 0
    path TEXT NOT NULL,  -- JSON: ["Chapter", "Section"]
    PRIMARY KEY (document, number)
) WITHOUT ROWID;

INSERT INTO heading_paths
    SELECT document, row_number() OVER (PARTITION BY document ORDER BY heading_path) - 1,
        heading_path
    FROM (SELECT DISTINCT document, heading_path FROM passages);

DROP VIEW stemmed_passages;

DROP VIEW indexed_passages;

ALTER TABLE passages ADD COLUMN heading INTEGER NOT NULL DEFAULT 0;

UPDATE passages SET heading = (
    SELECT number FROM heading_paths
    WHERE heading_paths.document = passages.document AND path = heading_path)
"""

_WITHOUT_TEXTS = """
ALTER TABLE passages DROP COLUMN text;

ALTER TABLE passages DROP COLUMN heading_path;

ALTER TABLE texts DROP COLUMN text;

CREATE VIEW whole_passages AS
    SELECT passages.id, passages.document, passages.start, passages."end", passages.folded,
        heading_paths.path AS heading_path,
        (SELECT coalesce(cut_text(passages.start, passages."end", block.start, block.text), '')
            FROM text_blocks AS block
            WHERE block.document = passages.document
                AND block.start > passages.start - 16384
                AND block.start < passages."end") AS text
    FROM passages JOIN heading_paths
        ON heading_paths.document = passages.document AND number = heading;

CREATE VIEW indexed_passages AS
    SELECT whole_passages.id, document, title, heading_path, folded_text(folded, text) AS text
    FROM whole_passages JOIN documents ON documents.id = document;

CREATE VIEW stemmed_passages AS
    SELECT indexed_passages.id, document, index_text(indexed_passages.title, language) AS title,
        index_text(heading_path, language) AS heading_path, index_text(text, language) AS text
    FROM indexed_passages JOIN documents ON documents.id = document
"""
