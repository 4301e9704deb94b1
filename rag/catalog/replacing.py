"""A document's passages in place of those there were; those that stay keep their ids.

Vectors are kept by a passage's id: what keeps its id need not be embedded again, and a changed
file costs its changed passages alone.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple, TypeAlias

from rag.catalog.packing import pack_folded, unpack_folded, write_text
from rag.languages import language_of
from rag.types import Document, Passage

_READ_FOR_LANGUAGE = 50  # passages

Content: TypeAlias = tuple[str, ...]  # heading path, text, what is searched


class About(NamedTuple):
    """What the index holds of a document with each of its passages, or indexes them by."""

    title: str
    keywords: str
    language: str


def replace_passages(
    db: sqlite3.Connection, document: str, content: Document, passages: Sequence[Passage]
) -> list[int]:
    """A document's text too, inside a transaction; the ids of the passages that are gone come back.

    A passage stays if what is shown, searched and embedded of it is the same: title, keywords,
    language, heading path and text. Its place in the document may be another.
    """
    language = language_of(" ".join(p.text for p in passages[:_READ_FOR_LANGUAGE]))
    about = About(content.title, _keywords(db, document, content), language)
    there = _ids_by_content(db, document, about)
    kept: list[tuple[int, Passage]] = []
    new: list[Passage] = []
    for passage in passages:
        if same := there.get(_content(passage)):
            kept.append((same.popleft(), passage))
        else:
            new.append(passage)
    gone = [passage_id for ids in there.values() for passage_id in ids]
    remove_passages(db, gone)  # while their text and headings are there
    db.execute(
        "UPDATE documents SET title = ?, keywords = ?, language = ? WHERE id = ?",
        (*about, document),
    )
    write_text(db, document, content.text)
    numbers = _write_headings(db, document, passages)
    _move(db, kept, numbers)
    _insert(db, document, new, numbers)
    return gone


def remove_passages(db: sqlite3.Connection, passage_ids: Sequence[int]) -> None:
    """Out of the table and out of the index, which wants to be told what it had read."""
    ids = json.dumps(passage_ids)
    db.execute(
        "INSERT INTO passage_index (passage_index, rowid, title, heading_path, text) "
        "SELECT 'delete', id, title, heading_path, text FROM stemmed_passages "
        "WHERE id IN (SELECT value FROM json_each(?))",
        (ids,),
    )
    db.execute("DELETE FROM passages WHERE id IN (SELECT value FROM json_each(?))", (ids,))


def _keywords(db: sqlite3.Connection, document: str, content: Document) -> str:
    """What is searched with the title: the document's keywords, and its file's name if another."""
    ((path,),) = db.execute("SELECT path FROM documents WHERE id = ?", (document,))
    stem = PurePath(path).stem
    return " ".join(content.keywords if stem == content.title else (*content.keywords, stem))


def _ids_by_content(
    db: sqlite3.Connection, document: str, about: About
) -> dict[Content, deque[int]]:
    """The ids there are, by what would let them stay; where anything about the document is new
    nothing does, for the index holds it with each passage.
    """
    rows = db.execute(
        "SELECT whole_passages.id, title, keywords, language, heading_path, text, folded "
        "FROM whole_passages JOIN documents ON documents.id = document "
        "WHERE document = ? ORDER BY start",
        (document,),
    )
    there: defaultdict[Content, deque[int]] = defaultdict(deque)
    for passage_id, title, keywords, language, path, text, packed in rows:
        stays = About(title, keywords, language) == about
        content = (path, text, unpack_folded(packed, text))
        there[content if stays else (str(passage_id),)].append(passage_id)
    return there


def _write_headings(
    db: sqlite3.Connection, document: str, passages: Iterable[Passage]
) -> dict[str, int]:
    """The document's heading paths in place of those there were; the number of each comes back."""
    numbers = {path: n for n, path in enumerate(dict.fromkeys(map(_headings, passages)))}
    db.execute("DELETE FROM heading_paths WHERE document = ?", (document,))
    db.executemany(
        "INSERT INTO heading_paths VALUES (?, ?, ?)",
        ((document, number, path) for path, number in numbers.items()),
    )
    return numbers


def _move(
    db: sqlite3.Connection, kept: Iterable[tuple[int, Passage]], numbers: Mapping[str, int]
) -> None:
    db.executemany(
        'UPDATE passages SET start = ?, "end" = ?, heading = ? WHERE id = ?',
        ((p.span.start, p.span.end, numbers[_headings(p)], passage_id) for passage_id, p in kept),
    )


def _insert(
    db: sqlite3.Connection, document: str, passages: Iterable[Passage], numbers: Mapping[str, int]
) -> None:
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM passages").fetchone()
    db.executemany(
        'INSERT INTO passages (document, start, "end", heading, folded) VALUES (?, ?, ?, ?, ?)',
        ((document, p.span.start, p.span.end, numbers[_headings(p)], _packed(p)) for p in passages),
    )
    db.execute(
        "INSERT INTO passage_index (rowid, title, heading_path, text) "
        "SELECT id, title, heading_path, text FROM stemmed_passages "
        "WHERE document = ? AND id > ?",
        (document, last),
    )


def _content(passage: Passage) -> Content:
    return _headings(passage), passage.text, passage.folded or passage.text


def _packed(passage: Passage) -> bytes:
    return pack_folded(passage.folded, passage.text)


def _headings(passage: Passage) -> str:
    return json.dumps(passage.heading_path, ensure_ascii=False)
