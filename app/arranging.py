"""Requests that arrange the library, carried out: collections, followed folders, what is left out.

No document is read or removed here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias, assert_never

from app.engine import Engine
from app.messages import (
    AssignDocuments,
    CollectionDeleted,
    Collections,
    Concerned,
    DeleteCollection,
    Event,
    Folders,
    LibraryChanged,
    ListCollections,
    ListFolders,
    MakeCollection,
    RenameCollection,
    SetPatterns,
    UnfollowFolder,
)

CollectionRequest: TypeAlias = (
    ListCollections | MakeCollection | RenameCollection | DeleteCollection | AssignDocuments
)
FolderRequest: TypeAlias = ListFolders | UnfollowFolder | SetPatterns

Emit = Callable[[Event], None]


def arrange_collections(engine: Engine, request: CollectionRequest, emit: Emit) -> None:
    """Carry a request about collections out. Raises BadRequest."""
    collections, request_id = engine.catalog.collections, request.request_id
    match request:
        case ListCollections():
            emit(Collections(request_id, collections.list()))
            return
        case MakeCollection(_, name, members):
            collections.make(name, members)
        case RenameCollection(_, name, new_name):
            collections.rename(name, new_name)
        case DeleteCollection(_, name):
            emit(CollectionDeleted(request_id, name, collections.delete(name)))
        case AssignDocuments(_, documents, name, are_members):
            (collections.put_in if are_members else collections.take_out)(name, documents)
        case _:
            assert_never(request)
    emit(LibraryChanged(request_id))


def arrange_folders(engine: Engine, request: FolderRequest, emit: Emit) -> None:
    """Carry a request about followed folders out. Raises BadRequest."""
    library, request_id = engine.library, request.request_id
    match request:
        case ListFolders():
            emit(Folders(request_id, library.followed(), library.patterns()))
        case UnfollowFolder(_, path):
            archives = library.archives(engine.settings.paths.unpacked)
            emit(Concerned(request_id, library.unfollow(Path(path), archives)))
        case SetPatterns(_, path, patterns):
            folder = Path(path) if path else None
            emit(Concerned(request_id, library.set_patterns(patterns, folder)))
        case _:
            assert_never(request)
