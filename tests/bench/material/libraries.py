"""What a library holds, so that two can be compared: whatever must not depend on how it came in."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from math import isclose
from pathlib import Path
from typing import Any

import numpy as np

from app.engine import Engine
from app.settings import Paths, Settings

SAME = 1e-6  # what a cosine, and a BM25 score in parts of itself, may be off

Held = Mapping[Any, Any]  # a key that names a thing, and what is held of it


def contents(data: Path, queries: tuple[str, ...]) -> dict[str, Held]:
    """All that the library in the data folder holds, each kind by keys without any ids."""
    with Engine(Settings(Paths.of(data))) as engine:
        passage_ids, with_vectors = engine.catalog.passages.ids(), engine.vectors.ids()
        matrix = set(engine.vectors.missing(passage_ids))
        vectors = {
            passage_id: vector
            for stored in engine.vectors._chroma.stored(sorted(passage_ids))
            for passage_id, vector in zip(stored.passage_ids, stored.vectors, strict=True)
        }
    orphans = {"vectors": with_vectors - passage_ids, "missing": passage_ids - with_vectors}
    orphans["missing in the matrix"] = matrix
    with closing(sqlite3.connect(data / "catalog.sqlite3")) as db:
        keys = _keys(db, data)
        return {
            "documents": _documents(db, data),
            "passages": dict(keys.values()),
            "vectors": {keys[passage_id][0]: vector for passage_id, vector in vectors.items()},
            "found": {query: _found(db, query, keys) for query in queries},
            "orphans": {name: len(ids) for name, ids in orphans.items()} | _orphans(db),
            "unpacked": dict.fromkeys(_files(data / "unpacked"), True),
        }


def differences(one: Mapping[str, Held], other: Mapping[str, Held]) -> dict[str, list[str]]:
    """For each kind of thing, what is not the same in both."""
    return {
        kind: [
            f"{key}: {one[kind].get(key)!r:.200} | {other[kind].get(key)!r:.200}"
            for key in sorted({*one[kind], *other[kind]}, key=repr)
            if not _is_same(one[kind].get(key), other[kind].get(key))
        ]
        for kind in one
    }


def _is_same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other)) > 1 - SAME
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            isclose(one[k], other[k], rel_tol=SAME) for k in one
        )
    return type(one) is type(other) and bool(one == other)


def _keys(db: sqlite3.Connection, data: Path) -> dict[int, tuple[Any, Any]]:
    """By passage id, what names the passage and what it says."""
    rows = db.execute(
        'SELECT passages.id, path, start, "end", heading_path, title, text, folded '
        "FROM passages JOIN documents ON documents.id = document"
    )
    return {
        passage_id: ((_local(path, data), start, end), said)
        for passage_id, path, start, end, *said in rows
    }


def _documents(db: sqlite3.Connection, data: Path) -> Held:
    rows = db.execute(
        "SELECT path, state, reason, kind, title, content_hash, text, "
        "(SELECT count(*) FROM pages WHERE pages.document = id), "
        "(SELECT count(*) FROM scans WHERE scans.document = id), "
        "(SELECT json_group_array(collection) FROM memberships WHERE memberships.document = id) "
        "FROM documents LEFT JOIN texts ON texts.document = id"
    )
    return {
        _local(path, data): [str(value).replace(str(data), "") for value in rest]
        for path, *rest in rows
    }


def _found(db: sqlite3.Connection, query: str, keys: Mapping[int, tuple[Any, Any]]) -> Held:
    """The scores of all passages that match; these depend on all that the index holds."""
    rows = db.execute(
        "SELECT rowid, bm25(passage_index) FROM passage_index WHERE passage_index MATCH ?", (query,)
    )
    return {keys[passage_id][0]: score for passage_id, score in rows}


def _orphans(db: sqlite3.Connection) -> dict[str, int]:
    tables = ("passages", "pages", "texts", "memberships", "scans")
    return {
        table: db.execute(
            f"SELECT count(*) FROM {table} WHERE document NOT IN (SELECT id FROM documents)"
        ).fetchone()[0]
        for table in tables
    }


def _local(path: str, data: Path) -> str:
    return json.dumps(path.replace(str(data), ""))


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
