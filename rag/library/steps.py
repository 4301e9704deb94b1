"""What is told of files on their way in: the stages they reach, and at last their verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from rag.catalog import Catalog
from rag.library.intake import TakenIn
from rag.types import AddedFile


@dataclass(frozen=True, slots=True)
class Progress:
    """A file has reached a stage of its way in."""

    path: str
    stage: str  # "reading", "embedding" or "recognizing"
    done: int  # files that have their verdict; pages, where they are recognised
    total: int
    seconds_left: float  # for all of them; infinite until it can be told


Step: TypeAlias = Progress | AddedFile


def added_file(catalog: Catalog, path: Path, taken: TakenIn, seconds: float) -> AddedFile:
    """The verdict on a file, with the figures that the catalog has of its document."""
    entry = catalog.documents.entry(taken.document) if taken.document else None
    return AddedFile(
        path=str(path),
        document=taken.document,
        verdict=taken.verdict,
        reason=taken.reason,
        page_count=entry.page_count if entry else 0,
        passage_count=entry.passage_count if entry else 0,
        seconds=seconds,
    )
