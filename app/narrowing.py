"""What a question is to be kept to, as a person or a program names it, made into a Scope.

Names are looked up in the library here; searching within the scope is for others.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from rag.catalog import Catalog
from rag.catalog.documents import Documents
from rag.errors import BadRequest, UnknownDocument
from rag.types import DocumentEntry, Kind, Scope

_NAMED = 3  # documents in a sentence


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The part of the library that is meant, in names. What is empty keeps to nothing."""

    collection: str = ""
    documents: tuple[str, ...] = ()  # ids, paths, file names or titles; any of them
    kinds: tuple[str, ...] = ()  # any of them
    folder: str = ""  # a path
    since: str = ""  # the first day, as 2026-01-31, on which files were last changed
    until: str = ""  # the last day


def scope_of(narrowing: Narrowing, catalog: Catalog) -> Scope:
    """The scope that is meant. An unknown collection is an empty one.

    Raises BadRequest for a document, a kind, a folder or a date that is none.
    """
    documents = catalog.documents
    scope = Scope(
        collection=narrowing.collection,
        documents=tuple(_document(name, documents) for name in narrowing.documents),
        kinds=_kinds(narrowing.kinds, documents) if narrowing.kinds else (),
        folder=_folder(narrowing.folder, documents) if narrowing.folder else "",
        modified_from=_day(narrowing.since),
        modified_until=_day(narrowing.until),
    )
    if scope.modified_until and scope.modified_from > scope.modified_until:
        raise BadRequest(
            f"{narrowing.since} is after {narrowing.until}.", remedy="Give the earlier day first."
        )
    return scope


def narrowing_in(body: dict[str, Any], *, collection: str) -> Narrowing:
    """What a request to the local API names; `collection` where it names none.

    Raises BadRequest for a value of another type.
    """
    return Narrowing(
        collection=_text(body, "collection", collection),
        documents=_texts(body, "documents"),
        kinds=_texts(body, "kinds"),
        folder=_text(body, "folder"),
        since=_text(body, "since"),
        until=_text(body, "until"),
    )


def _document(name: str, documents: Documents) -> str:
    try:
        return documents.find(name).document
    except UnknownDocument as error:
        raise BadRequest(error.what, remedy=_remedy(name, documents.list())) from error


def _remedy(name: str, entries: tuple[DocumentEntry, ...]) -> str:
    names = [each for entry in entries for each in (Path(entry.path).name, entry.title)]
    near = get_close_matches(name, dict.fromkeys(names), n=_NAMED)
    listing = "`deskbook documents` lists what there is, each with its id."
    return f"There is {_either(near)}. {listing}" if near and name not in names else listing


def _kinds(names: tuple[str, ...], documents: Documents) -> tuple[Kind, ...]:
    there = sorted({entry.kind for entry in documents.list()})
    for name in names:
        if name.lower() not in there:
            remedy = f"There is {_either(there)}." if there else "Add documents first."
            raise BadRequest(f"There are no documents of the kind {name!r}.", remedy=remedy)
    return tuple(dict.fromkeys(Kind(name.lower()) for name in names))


def _folder(name: str, documents: Documents) -> str:
    folder = os.path.abspath(Path(name).expanduser())
    if not documents.within(Scope(folder=folder)):
        raise BadRequest(
            f"No document lies in the folder {folder}.",
            remedy="`deskbook documents` lists what there is, each with its path.",
        )
    return folder


def _day(written: str) -> str:
    try:
        return date.fromisoformat(written).isoformat() if written else ""
    except ValueError as error:
        raise BadRequest(f"{written!r} is no date.", remedy="Write it as 2026-01-31.") from error


def _either(names: list[str] | list[Kind]) -> str:
    *others, last = map(str, names)
    return f"{', '.join(others)} and {last}" if others else last


def _text(body: dict[str, Any], key: str, default: str = "") -> str:
    text = body.get(key, default)
    if not isinstance(text, str):
        raise BadRequest(f'"{key}" is no text.', remedy=f'Send {{"{key}": "…"}}, or leave it out.')
    return text


def _texts(body: dict[str, Any], key: str) -> tuple[str, ...]:
    texts = body.get(key, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise BadRequest(
            f'"{key}" is no list of texts.', remedy=f'Send {{"{key}": ["…"]}}, or leave it out.'
        )
    return tuple(texts)
