"""Requests carried out: what the engine does for each, told in events.

The engine process and the command line both come through here, so that the window can do
nothing that the command line cannot.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import assert_never

from app.anticipating import anticipate
from app.arranging import arrange_collections, arrange_folders
from app.engine import Engine
from app.messages import (
    Added,
    Adding,
    AddPaths,
    Anticipate,
    Ask,
    AssignDocuments,
    DeleteCollection,
    Documents,
    DocumentText,
    Done,
    Event,
    Failed,
    FindKeyring,
    FindPasswords,
    GetModel,
    ImportModel,
    LibraryChanged,
    ListCollections,
    ListDocuments,
    ListFolders,
    ListModels,
    LookAgain,
    MakeCollection,
    Pause,
    ReadText,
    RecognizeScans,
    RemoveDocuments,
    RemoveModel,
    RenameCollection,
    Request,
    Resume,
    Search,
    SetPatterns,
    Stop,
    TryPassword,
    UnfollowFolder,
    UseModel,
    WasStopped,
)
from app.modelling import arrange_models, loading_told
from app.questioning import ask, search
from app.settings import Paths
from app.unlocking import unlock
from rag.documents.archives import is_archive
from rag.errors import DeskbookError, Stopped
from rag.scheduler import Work
from rag.types import AddedFile, Verdict

log = logging.getLogger(__name__)

Emit = Callable[[Event], None]


FAULT = "Deskbook made a mistake and could not finish this."


def log_hint(paths: Paths) -> str:
    """What to do about a fault of ours."""
    return f"Try it again; the log in {paths.logs} tells more."


def perform_to_end(engine: Engine, request: Request, emit: Emit, work: Work) -> None:
    """Carry a request out and end it in exactly one event; nothing is raised."""
    request_id = request.request_id
    try:
        perform(engine, request, emit, work)
    except Stopped:
        emit(WasStopped(request_id))
    except DeskbookError as error:
        log.warning("a request failed: %s", type(error).__name__)
        log.debug("in full", exc_info=error)  # it may name files
        emit(Failed(request_id, error.what, error.remedy))
    except Exception:  # a bug of ours must cost this request alone
        log.exception("a request failed by a fault of Deskbook's")
        emit(Failed(request_id, FAULT, log_hint(engine.settings.paths)))
    else:
        emit(Done(request_id))


def perform(engine: Engine, request: Request, emit: Emit, work: Work) -> None:
    """Carry a request out, its events but the last. Raises DeskbookError and Stopped."""
    _go_on(work)
    match request:
        case AddPaths():
            _add(engine, request, emit, work)
        case RecognizeScans():
            _recognize(engine, request, emit, work)
        case RemoveDocuments():
            _remove(engine, request, emit, work)
        case ListDocuments():
            documents = engine.catalog.documents.list(request.collection)
            emit(Documents(request.request_id, documents))
        case ReadText():
            _read_text(engine, request, emit)
        case TryPassword() | FindPasswords() | FindKeyring():
            unlock(engine, request, emit, work)
        case Search():
            search(engine, request, emit)
        case Ask():
            ask(engine, request, emit, work)
        case (
            ListCollections()
            | MakeCollection()
            | RenameCollection()
            | DeleteCollection()
            | AssignDocuments()
        ):
            arrange_collections(engine, request, emit)
        case ListFolders() | UnfollowFolder() | SetPatterns():
            arrange_folders(engine, request, emit)
        case Anticipate():
            with loading_told(engine, request.request_id, emit, work):
                anticipate(engine, request, work)
        case ListModels() | GetModel() | ImportModel() | UseModel() | RemoveModel():
            arrange_models(engine, request, emit, work)
        case Stop() | Pause() | Resume() | LookAgain():
            raise AssertionError("heard by whoever runs the request, not performed")
        case _:
            assert_never(request)


def _go_on(work: Work) -> None:
    """Unlike a checkpoint it lets nobody else go first: a question is what others wait for."""
    if work.is_stopped():
        raise Stopped


def _add(engine: Engine, request: AddPaths, emit: Emit, work: Work) -> None:
    request_id, paths = request.request_id, [Path(path) for path in request.paths]
    for folder in filter(os.path.isdir, paths):
        engine.library.follow(folder, collection=request.collection)
        if request.left_out:
            patterns = (*engine.library.patterns(folder), *request.left_out)
            engine.library.set_patterns(patterns, folder)
    found = engine.library.find(paths)
    archives = engine.library.archives(engine.settings.paths.unpacked)
    unpacked = archives.unpack_all(
        [path for path in found if _is_text(str(path))], checkpoint=work.checkpoint
    )
    refused = [*map(_unnameable, (p for p in found if not _is_text(str(p)))), *unpacked.refused]
    total = len(refused) + len(unpacked.files)
    for done, file in enumerate(refused, start=1):
        emit(Added(request_id, file, done, total))
    done, files = len(refused), unpacked.files
    for step in engine.library.add(files, collection=request.collection, work=work).run():
        if isinstance(step, AddedFile):
            done += 1
            emit(Added(request_id, step, done, total))
            emit(LibraryChanged(request_id))
        else:
            emit(Adding(request_id, step.path, step.stage, done, total, step.seconds_left))
    if any(map(is_archive, found)):
        for document in archives.lost_documents():
            engine.library.remove(document)


def _recognize(engine: Engine, request: RecognizeScans, emit: Emit, work: Work) -> None:
    request_id = request.request_id
    for step in engine.library.recognize(work):
        if isinstance(step, AddedFile):
            emit(Added(request_id, step, 1, 1))
            emit(LibraryChanged(request_id))
        else:
            where = (step.path, step.stage, step.done, step.total)
            emit(Adding(request_id, *where, step.seconds_left))


def _is_text(name: str) -> bool:
    """Linux takes any bytes for a file's name; what is no text in them no database takes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unnameable(path: Path) -> AddedFile:
    shown = str(path).encode(errors="replace").decode()
    reason = f"The name of {shown} is written in an unknown encoding. Rename it and add it again."
    return AddedFile(shown, "", Verdict.FAILED, reason, 0, 0, 0.0)


def _remove(engine: Engine, request: RemoveDocuments, emit: Emit, work: Work) -> None:
    entries = [engine.catalog.documents.find(name) for name in request.documents]
    for entry in entries:
        work.checkpoint()
        engine.library.leave_out(entry.document)
        engine.passwords.forget(Path(entry.path))
        engine.kept_passwords.forget(Path(entry.path))
        emit(LibraryChanged(request.request_id))
    engine.language_models.forget_states()  # what was read of them must go as well


def _read_text(engine: Engine, request: ReadText, emit: Emit) -> None:
    documents = engine.catalog.documents
    entry = documents.find(request.document)
    text, headings = documents.text(entry.document), documents.headings(entry.document)
    emit(DocumentText(request.request_id, entry.document, entry.kind, text, headings))
