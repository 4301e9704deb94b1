"""The catalog's passages and the full-text index over them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.catalog.connections import Connections
from rag.catalog.packing import unpack_folded
from rag.catalog.pages import Pages
from rag.folding import with_titles
from rag.indexing import index_text
from rag.languages import STEMMERS
from rag.marks import marks_of
from rag.types import FoundPassage, Kind, PageRef, Passage, Span

MERGES, PAGES_A_MERGE = 8, 200  # pages of 4 KB
_LAST = "\U0010ffff"  # sorts behind every word that goes on


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage's id with its scores for one question (see FoundPassage)."""

    passage_id: int
    score: float
    dense_score: float
    keyword_score: float


@dataclass(frozen=True, slots=True)
class ToEmbed:
    """A passage as the embedder reads it."""

    passage_id: int
    document: str
    text: str  # title and heading path in front: they carry meaning


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage as it is ranked."""

    document: str
    title: str
    path: str
    language: str  # ISO 639-1; empty where it is not known
    around: str  # the document's keywords and the passage's heading path
    text: str  # folded

    def indexed(self) -> str:
        """All that the full-text index has of it, as it has it: a tenth of a millisecond."""
        return index_text(f"{self.title} {self.around} {self.text}", self.language)


class Passages:
    """The passages of one library."""

    def __init__(self, connections: Connections, pages: Pages) -> None:
        self._connections = connections
        self._pages = pages

    def count(self) -> int:
        """How many there are."""
        ((count,),) = self._connections.rows("SELECT count(*) FROM passages")
        return int(count)

    def ids(self) -> set[int]:
        """The ids of all passages."""
        return {passage_id for (passage_id,) in self._connections.rows("SELECT id FROM passages")}

    def ids_of(self, document: str) -> list[int]:
        """The ids of a document's passages, in reading order."""
        rows = self._connections.rows(
            "SELECT id FROM passages WHERE document = ? ORDER BY start", document
        )
        return [passage_id for (passage_id,) in rows]

    def owners(self) -> dict[int, str]:
        """The document of each passage, by the passage's id."""
        return dict(self._connections.rows("SELECT id, document FROM passages"))

    def to_embed(self, passage_ids: Iterable[int]) -> list[ToEmbed]:
        """Passages as the embedder reads them."""
        rows = self._connections.rows(
            "SELECT id, document, title, heading_path, text FROM indexed_passages "
            "WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(list(passage_ids)),
        )
        return [
            ToEmbed(passage_id, document, with_titles(text, title, json.loads(path)))
            for passage_id, document, title, path, text in rows
        ]

    def found(self, ranked: Sequence[Scored]) -> tuple[FoundPassage, ...]:
        """The passages with these ids, in this order; ids that are gone are left out."""
        rows = self._connections.rows(
            'SELECT whole_passages.id, document, path, title, kind, start, "end", heading_path, '
            "text, folded "
            "FROM whole_passages JOIN documents ON documents.id = document "
            "WHERE whole_passages.id IN (SELECT value FROM json_each(?))",
            json.dumps([scored.passage_id for scored in ranked]),
        )
        by_id = {passage_id: rest for passage_id, *rest in rows}
        there = [scored for scored in ranked if scored.passage_id in by_id]
        return tuple(
            self._found(rank, scored, *by_id[scored.passage_id])
            for rank, scored in enumerate(there, start=1)
        )

    def indexed(self, passage_ids: Iterable[int]) -> dict[int, IndexedPassage]:
        """The passages with these ids as they are ranked; ids that are gone are left out."""
        rows = self._connections.rows(
            "SELECT indexed_passages.id, document, indexed_passages.title, path, language, "
            "keywords || ' ' || heading_path, text "
            "FROM indexed_passages JOIN documents ON documents.id = document "
            "WHERE indexed_passages.id IN (SELECT value FROM json_each(?))",
            json.dumps(list(passage_ids)),
        )
        return {passage_id: IndexedPassage(*rest) for passage_id, *rest in rows}

    def counts_of(self, documents: Iterable[str]) -> dict[str, int]:
        """How many passages each of these documents has."""
        rows = self._connections.rows(
            "SELECT document, count(*) FROM passages "
            "WHERE document IN (SELECT value FROM json_each(?)) GROUP BY document",
            json.dumps(list(documents)),
        )
        return dict(rows)

    def search(
        self, query: str, *, limit: int, documents: Sequence[str] | None = None
    ) -> list[tuple[int, float]]:
        """Passage ids with their BM25 score, higher is better, best first.

        `query` is in FTS5's query language. Title and heading path weigh twice what the text
        does: they are short and say what a passage is about. Where `documents` is given, only
        passages of these.
        """
        within = "" if documents is None else f"AND rowid IN ({_PASSAGES_OF})"
        rows = self._connections.rows(
            f"""
            SELECT rowid, -bm25(passage_index, 2.0, 2.0, 1.0) AS score FROM passage_index
            WHERE passage_index MATCH ?1 {within}
            ORDER BY score DESC LIMIT ?2
            """,
            query,
            limit,
            *(() if documents is None else (json.dumps(list(documents)),)),
        )
        return list(rows)

    def count_with(self, query: str) -> int:
        """How many passages match an FTS5 query."""
        ((count,),) = self._connections.rows(
            "SELECT count(*) FROM passage_index WHERE passage_index MATCH ?", query
        )
        return int(count)

    def languages(self) -> tuple[str, ...]:
        """The languages that the index holds stems of; "" where a document's is not known."""
        rows = self._connections.rows("SELECT DISTINCT language FROM documents ORDER BY language")
        return tuple(language for (language,) in rows)

    def counts_by_language(self) -> dict[str, int]:
        """How many passages are in documents of each language; "" where that is not known."""
        rows = self._connections.rows(
            "SELECT language, count(*) FROM passages JOIN documents ON documents.id = document "
            "GROUP BY language"
        )
        return dict(rows)

    def in_language(self, language: str, *, limit: int) -> list[str]:
        """The texts of some passages of documents in a language, as they are searched."""
        rows = self._connections.rows(
            "SELECT text FROM indexed_passages JOIN documents ON documents.id = document "
            "WHERE language = ? LIMIT ?",
            language,
            limit,
        )
        return [text for (text,) in rows]

    def indexed_words(self, beginning: str) -> list[tuple[str, int]]:
        """What the index holds that begins so, each with the number of passages that hold it."""
        return self._connections.rows(
            "SELECT term, doc FROM passage_vocabulary WHERE term >= ?1 AND term < ?2",
            beginning,
            beginning + _LAST,
        )

    def rebuild_index(self) -> None:
        """Make the full-text index anew from the passages."""
        with self._connections.transaction() as db:
            db.execute("INSERT INTO passage_index (passage_index) VALUES ('rebuild')")
            db.execute("UPDATE index_maker SET stemmers = ?", (STEMMERS,))

    def merge_index(self) -> None:
        """Make the full-text index smaller where it can be, for half a second at most or so.

        What was removed is in it until the parts that hold it are merged.
        """
        for _ in range(MERGES):
            with self._connections.transaction() as db:
                before = db.total_changes
                db.execute(
                    "INSERT INTO passage_index (passage_index, rank) VALUES ('merge', ?)",
                    (-PAGES_A_MERGE,),  # negative: towards one part in the end
                )
                if db.total_changes - before < 2:  # FTS5's way to say that there is no more to do
                    return

    def renew_index(self) -> None:
        """Make it anew if another version of the stemmers made it."""
        ((stemmers,),) = self._connections.rows("SELECT stemmers FROM index_maker")
        if stemmers != STEMMERS:
            self.rebuild_index()

    def _found(
        self,
        rank: int,
        scored: Scored,
        document: str,
        path: str,
        title: str,
        kind: str,
        start: int,
        end: int,
        heading_path: str,
        text: str,
        packed: bytes,
    ) -> FoundPassage:
        span, folded = Span(start, end), unpack_folded(packed, text) if packed else ""
        pages = self._pages.at(document, span)
        page_refs = tuple(PageRef(page.number, page.label) for page in pages)
        return FoundPassage(
            rank=rank,
            score=scored.score,
            dense_score=scored.dense_score,
            keyword_score=scored.keyword_score,
            passage_id=scored.passage_id,
            document=document,
            path=path,
            title=title,
            kind=Kind(kind),
            passage=Passage(span, text, tuple(json.loads(heading_path)), page_refs, folded),
            marks=marks_of(span, pages),
        )


_PASSAGES_OF = "SELECT id FROM passages WHERE document IN (SELECT value FROM json_each(?3))"
