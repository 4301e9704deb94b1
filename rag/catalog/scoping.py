"""Which documents lie in a scope; searching them is for others."""

from __future__ import annotations

import json
import os
from datetime import date, datetime, timedelta

from rag.catalog.connections import Connections
from rag.errors import BadRequest
from rag.types import EVERYWHERE, Scope

_FOREVER_NS = 2**63 - 1
_NS = 1_000_000_000


def documents_within(connections: Connections, scope: Scope) -> list[str] | None:
    """The ids of the documents in a scope; None where the scope is everything.

    Raises BadRequest for a date that is none.
    """
    if scope == EVERYWHERE:
        return None
    rows = connections.rows(
        _WITHIN,
        scope.collection,
        json.dumps(scope.documents),
        json.dumps(scope.kinds),
        scope.folder and scope.folder.rstrip(os.sep) + os.sep,
        _ns(scope.modified_from) if scope.modified_from else 0,
        _ns(scope.modified_until, days=1) if scope.modified_until else _FOREVER_NS,
    )
    return [document for (document,) in rows]


_WITHIN = """
    SELECT id FROM documents
    WHERE (?1 = '' OR id IN (SELECT document FROM memberships WHERE collection = ?1))
        AND (?2 = '[]' OR id IN (SELECT value FROM json_each(?2)))
        AND (?3 = '[]' OR kind IN (SELECT value FROM json_each(?3)))
        AND (?4 = '' OR substr(path, 1, length(?4)) = ?4)
        AND modified_ns >= ?5 AND modified_ns < ?6
"""


def _ns(day: str, days: int = 0) -> int:
    try:
        midnight = datetime.fromisoformat(date.fromisoformat(day).isoformat())
        return int((midnight + timedelta(days=days)).timestamp()) * _NS
    except (ValueError, OverflowError) as error:
        raise BadRequest(
            f"{day!r} is no date to search by.", remedy="Write it as 2026-01-31."
        ) from error
