"""What was asked to be added and has not come to its end, on disk: a sudden end forgets nothing.

A folder is followed and comes in anyway; single files would be lost. Who adds them is the engine's
loop.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from app.messages import AddPaths

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PendingImport:
    """Paths that a person has asked for, and the file that says so."""

    note: Path
    paths: tuple[str, ...]
    collection: str

    def forget(self) -> None:
        """They are in the library, or the person has thought better of it."""
        with contextlib.suppress(OSError):
            self.note.unlink()


class PendingImports:
    """The imports of one library that have begun or wait, each in a file of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, request: AddPaths) -> PendingImport:
        """Write a request down; on a disk that is full it goes on all the same."""
        note = self._folder / f"{secrets.token_hex(8)}.json"
        content = json.dumps({"paths": request.paths, "collection": request.collection})
        new = note.with_suffix(".new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            new.write_text(content, "utf-8")
            os.replace(new, note)
        except OSError:
            log.warning("what is to be added cannot be noted", exc_info=True)
        return PendingImport(note, request.paths, request.collection)

    def left(self) -> tuple[PendingImport, ...]:
        """Those whose engine ended before they did, the oldest first."""
        notes = sorted(self._folder.glob("*.json"), key=lambda note: note.stat().st_mtime)
        return tuple(found for note in notes if (found := _read(note)))


def _read(note: Path) -> PendingImport | None:
    try:
        content = json.loads(note.read_text("utf-8"))
        return PendingImport(note, tuple(content["paths"]), content["collection"])
    except (OSError, ValueError, KeyError, TypeError):
        log.warning("a note of what is to be added cannot be read")
        return None
