"""Requests about passwords carried out: tried, found for the viewer, kept if the person says so.

Passwords are in requests and events alone; no log, no reason and no failure holds one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import assert_never

from app.engine import Engine
from app.messages import (
    Event,
    FindKeyring,
    FindPasswords,
    KeyringFound,
    PasswordsFound,
    PasswordTried,
    TryPassword,
)
from rag.documents.sandbox import ReaderProcess
from rag.errors import DocumentError
from rag.scheduler import Work

Emit = Callable[[Event], None]


def unlock(
    engine: Engine, request: TryPassword | FindPasswords | FindKeyring, emit: Emit, work: Work
) -> None:
    """Carry the request out, its events but the last. Raises KeyringUnusable and Stopped."""
    match request:
        case TryPassword():
            _try_password(engine, request, emit, work)
        case FindPasswords(request_id, path):
            emit(PasswordsFound(request_id, path, engine.passwords.of(Path(path))))
        case FindKeyring(request_id):
            emit(KeyringFound(request_id, engine.kept_passwords.is_possible()))
        case _:
            assert_never(request)


def _try_password(engine: Engine, request: TryPassword, emit: Emit, work: Work) -> None:
    """Each file has its answer before the keyring is asked, which may ask the person."""
    opened: list[Path] = []
    with ReaderProcess() as reader:
        for path in map(Path, request.paths):
            reason = ""
            try:
                reader.try_password(path, request.password, is_stopped=work.is_stopped)
            except DocumentError as error:
                reason = str(error)
            else:
                engine.passwords.remember(path, request.password)
                opened.append(path)
            emit(PasswordTried(request.request_id, str(path), not reason, reason))
    for path in opened if request.is_to_be_kept else ():
        engine.kept_passwords.keep(path, request.password)
