"""Which passages were embedded, by a checksum of what the embedder read: so no text is read twice.

The vectors themselves are in the vector store, and may be gone from there.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Sequence

from rag.catalog.connections import Connections
from rag.catalog.passages import Passages, ToEmbed


class EmbeddedTexts:
    """What was embedded of one library, whichever embedder it was; goes with its passage."""

    def __init__(self, connections: Connections, passages: Passages) -> None:
        self._connections = connections
        self._passages = passages

    def note(self, passages: Sequence[ToEmbed]) -> list[int]:
        """Remember that these have been embedded; the ids of those that are gone come back."""
        passage_ids = json.dumps([each.passage_id for each in passages])
        with self._connections.transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO embedded SELECT id, ? FROM passages WHERE id = ?",
                ((_checksum(each.text), each.passage_id) for each in passages),
            )
            gone = db.execute(
                "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM passages)",
                (passage_ids,),
            )
            return [passage_id for (passage_id,) in gone]

    def same_as(self, texts: Collection[str]) -> list[ToEmbed]:
        """The passages of which just such a text was embedded."""
        rows = self._connections.rows(
            "SELECT passage FROM embedded WHERE checksum IN (SELECT value FROM json_each(?))",
            json.dumps(list(map(_checksum, texts))),
        )
        candidates = self._passages.to_embed(passage_id for (passage_id,) in rows)
        return [each for each in candidates if each.text in texts]


def _checksum(text: str) -> int:
    """Four bytes: the text itself is compared before anything is believed."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))
