"""The JSON lines of the command line: a promise to the programs that read them.

One function a command; what each key holds is written down in the README.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from app.messages import Found
from app.zotero import zotero_link
from rag.models import CatalogueEntry, InstalledModel, ModelKind
from rag.models.memory import memory_bytes
from rag.types import (
    AddedFile,
    Answer,
    Citation,
    CollectionEntry,
    DocumentEntry,
    FollowedFolder,
    FoundPassage,
    ModelState,
    PageRef,
)

Line: TypeAlias = dict[str, object]

CONTEXTS = (4_096, 8_192, 16_384)  # tokens, of which a model's memory is told


def added_line(file: AddedFile) -> Line:
    """What `add --json` says of a file."""
    return {
        "path": file.path,
        "document": file.document or None,
        "state": file.verdict.value,
        "reason": file.reason or None,
        "pages": file.page_count,
        "passages": file.passage_count,
        "seconds": round(file.seconds, 3),
    }


def document_line(entry: DocumentEntry) -> Line:
    """What `documents --json` says of a document."""
    return {
        "document": entry.document,
        "path": entry.path,
        "title": entry.title,
        "state": entry.state.value,
        "reason": entry.reason or None,
        "pages": entry.page_count,
        "passages": entry.passage_count,
        "collection": ", ".join(entry.collections),
        "zotero": zotero_link(entry.path) or None,
    }


def collection_line(entry: CollectionEntry) -> Line:
    """What `collections --json` says of a collection."""
    return {"collection": entry.name, "documents": entry.document_count}


def folder_line(folder: FollowedFolder, *, is_away: bool) -> Line:
    """What `folders --json` says of a followed folder; `looked_at` in seconds since 1970."""
    return {
        "path": folder.path,
        "collection": folder.collection or None,
        "state": "away" if is_away else "followed",
        "looked_at": folder.looked_at or None,
        "left_out": list(folder.patterns),
    }


def unfollowed_line(path: str, documents: Sequence[str]) -> Line:
    """What `folders unfollow --json` says of a folder and the documents that came from it."""
    return {"path": path, "state": "unfollowed", "documents": list(documents)}


def pattern_line(pattern: str, folder: Path | None) -> Line:
    """What `folders leave-out --json` says of a pattern; no folder for the whole library."""
    return {"pattern": pattern, "folder": str(folder) if folder else None}


def model_line(model: InstalledModel, state: ModelState) -> Line:
    """What `models list --json` says of a model that is here, and `get` and `import` too."""
    return {
        "name": model.name,
        "title": model.title,
        "kind": model.kind.value,
        "installed": True,
        "path": str(model.path),
        "size_bytes": model.size_bytes,
        "licence": model.entry.licence if model.entry else None,
        "state": state.value,
        "owner": model.owner or None,
        "memory_bytes": _memory(model),
        "arrived_bytes": model.size_bytes,
    }


def available_line(entry: CatalogueEntry, arrived_bytes: int) -> Line:
    """What `models list --json` says of a model that is to be had; of some, a part is here."""
    return {
        "name": entry.name,
        "title": entry.title,
        "kind": entry.kind.value,
        "installed": False,
        "path": None,
        "size_bytes": entry.size_bytes,
        "licence": entry.licence,
        "state": ModelState.AVAILABLE.value,
        "owner": None,
        "memory_bytes": _memory(entry),
        "arrived_bytes": arrived_bytes,
    }


def _memory(model: InstalledModel | CatalogueEntry) -> dict[str, int] | None:
    """By context, of a language model."""
    if model.kind is not ModelKind.LLM:
        return None
    return {str(tokens): memory_bytes(model, tokens) for tokens in CONTEXTS}


def search_line(question_id: object, question: str, found: Found) -> Line:
    """What `search --json` says of a question."""
    return {
        "id": question_id,
        "question": question,
        "passages": _passages(found.passages),
        "evidence": round(found.evidence, 4),
        "seconds": round(found.seconds, 4),
    }


def answer_line(question_id: object, question: str, answer: Answer) -> Line:
    """What `ask --json` says of a question."""
    timings = answer.timings
    return {
        "id": question_id,
        "question": question,
        "answer": answer.text,
        "abstained": answer.is_abstention,
        "claims": [
            {
                "text": claim.text,
                "citations": list(claim.citations),
                "supported": claim.is_supported,
                "score": round(claim.score, 4),
            }
            for claim in answer.claims
        ],
        "citations": [_citation(citation) for citation in answer.citations],
        "passages": _passages(answer.passages),
        "tokens": {
            "prompt": answer.tokens.prompt,
            "cached": answer.tokens.cached,
            "generated": answer.tokens.generated,
        },
        "seconds": {
            "retrieve": round(timings.retrieve, 4),
            "first_token": round(timings.first_token, 4),
            "generate": round(timings.generate, 4),
            "total": round(timings.total, 4),
        },
        "model": answer.model or None,
    }


def _passages(passages: Sequence[FoundPassage]) -> list[Line]:
    return [
        {
            "rank": found.rank,
            "score": round(found.score, 4),
            "document": found.document,
            "path": found.path,
            **_page(found.passage.pages),
            "start": found.passage.span.start,
            "end": found.passage.span.end,
            "heading": " > ".join(found.passage.heading_path),
            "text": found.passage.text,
        }
        for found in passages
    ]


def _citation(citation: Citation) -> Line:
    return {
        "n": citation.n,
        "document": citation.document,
        "path": citation.path,
        **_page(citation.pages),
        "start": citation.span.start,
        "end": citation.span.end,
        "quote": citation.quote,
    }


def _page(pages: Sequence[PageRef]) -> Line:
    """The page where a place begins; null where its document has none."""
    return {
        "page": pages[0].number if pages else None,
        "page_label": pages[0].label if pages else None,
    }
