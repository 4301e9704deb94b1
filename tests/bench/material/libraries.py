"""What a library holds, so that two can be compared: whatever must not depend on how it came in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isclose
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from app.engine import Engine
from app.settings import Paths, Settings
from rag.catalog import Catalog, Scored
from rag.errors import UnknownDocument
from rag.types import FoundPassage

SAME = 1e-6  # what a cosine, and a BM25 score in parts of itself, may be off

AT_ONCE = 500  # passages

Key: TypeAlias = tuple[str, int, int]  # a passage's file and span
Held: TypeAlias = Mapping[Any, Any]  # a key that names a thing, and what is held of it


def contents(data: Path, queries: tuple[str, ...]) -> dict[str, Held]:
    """All that the library in the data folder holds, each kind by keys without any ids."""
    with Engine(Settings(Paths.of(data))) as engine:
        passage_ids, with_vectors = sorted(engine.catalog.passages.ids()), engine.vectors.ids()
        found = {each.passage_id: each for each in _found(engine.catalog, passage_ids)}
        keys = {passage_id: _key(each, data) for passage_id, each in found.items()}
        orphans = {
            "vectors": len(with_vectors - set(passage_ids)),
            "missing": len(set(passage_ids) - with_vectors),
            "missing in the matrix": len(engine.vectors.missing(passage_ids)),
        }
        return {
            "documents": _documents(engine.catalog, data),
            "passages": {keys[i]: _said(each) for i, each in found.items()},
            "vectors": {
                keys[passage_id]: vector
                for stored in engine.vectors.stored(passage_ids)
                for passage_id, vector in zip(stored.passage_ids, stored.vectors, strict=True)
            },
            "found": {query: _scores(engine.catalog, query, keys) for query in queries},
            "orphans": orphans | _orphans(engine.catalog),
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


def _found(catalog: Catalog, passage_ids: Sequence[int]) -> Iterator[FoundPassage]:
    for first in range(0, len(passage_ids), AT_ONCE):
        part = passage_ids[first : first + AT_ONCE]
        yield from catalog.passages.found([Scored(passage_id, 0, 0, 0) for passage_id in part])


def _key(found: FoundPassage, data: Path) -> Key:
    return _local(found.path, data), found.passage.span.start, found.passage.span.end


def _said(found: FoundPassage) -> Any:
    """Of a passage whatever is shown, searched and embedded."""
    passage = found.passage
    return found.title, passage.heading_path, passage.text, passage.folded, passage.pages


def _scores(catalog: Catalog, query: str, keys: Mapping[int, Key]) -> dict[Key, float]:
    """The scores of all passages that match; these depend on all that the index holds."""
    return {keys[i]: score for i, score in catalog.passages.search(query, limit=len(keys) + 1)}


def _documents(catalog: Catalog, data: Path) -> Held:
    waiting = catalog.scans.documents()
    return {
        _local(entry.path, data): (
            entry.state,
            entry.reason.replace(str(data), ""),
            entry.kind,
            entry.title,
            entry.page_count,
            entry.collections,
            entry.document in waiting,
            _text(catalog, entry.document),
        )
        for entry in catalog.documents.list()
    }


def _text(catalog: Catalog, document: str) -> str:
    """Empty where nothing could be read."""
    try:
        return catalog.documents.text(document)
    except UnknownDocument:
        return ""


def _orphans(catalog: Catalog) -> dict[str, int]:
    """In each table with a document's rows, how many there are of documents that are gone."""
    rows = catalog._connections.rows
    tables = [
        name
        for (name,) in rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
        if rows("SELECT 1 FROM pragma_table_info(?) WHERE name = 'document'", name)
    ]
    orphan = "document NOT IN (SELECT id FROM documents)"
    return {name: len(rows(f"SELECT 1 FROM {name} WHERE {orphan}")) for name in tables}


def _local(path: str, data: Path) -> str:
    return path.replace(str(data), "")


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
