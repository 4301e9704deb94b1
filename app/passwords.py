"""Passwords in the computer's own keyring, for those who ask that they be kept.

Only the paths of the files whose passwords are kept are written down by Deskbook itself, so that
the keyring is not asked, nor even loaded, for any other file.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import DeskbookError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = logging.getLogger(__name__)

SERVICE = "Deskbook"
RECOMMENDED = 1  # the priority that keyring itself asks of what keeps passwords safe
IN_PLAIN_FILES = ("keyrings.alt.",)  # backends that keep passwords in files of their own


class KeyringUnusable(DeskbookError):
    """The computer's keyring would not keep a password."""


class KeptPasswords:
    """The passwords of files that the system's keyring keeps."""

    def __init__(self, list_file: Path) -> None:
        """`list_file` holds the paths of the files, one JSON text; it need not exist."""
        self._list_file = list_file
        self._lock = threading.Lock()

    def is_possible(self) -> bool:
        """Whether this computer has a keyring that keeps passwords safe."""
        return system_keyring() is not None

    def keep(self, path: Path, password: str) -> None:
        """Keep a file's password from now on. Raises KeyringUnusable."""
        keyring = system_keyring()
        if keyring is None:
            raise _unusable("this computer has no keyring that keeps passwords safe.")
        with self._lock, _keyring_faults():
            self._write_list(self._listed() | {str(path)})
            keyring.set_password(SERVICE, str(path), password)

    def of(self, path: Path) -> str:
        """A file's password; empty where none is kept or the keyring does not give it."""
        password = ""
        if str(path) in self._listed() and (keyring := system_keyring()):
            with suppress(KeyringUnusable), _keyring_faults():
                password = keyring.get_password(SERVICE, str(path)) or ""
        return password

    def forget(self, path: Path) -> None:
        """Keep a file's password no longer; none kept is no matter."""
        if str(path) not in self._listed():
            return
        with self._lock, suppress(KeyringUnusable), _keyring_faults():
            self._write_list(self._listed() - {str(path)})
            if keyring := system_keyring():
                keyring.delete_password(SERVICE, str(path))

    def _listed(self) -> frozenset[str]:
        try:
            return frozenset(json.loads(self._list_file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return frozenset()

    def _write_list(self, paths: frozenset[str]) -> None:
        beside = self._list_file.with_suffix(".new")
        beside.write_text(json.dumps(sorted(paths)), encoding="utf-8")
        beside.replace(self._list_file)


def system_keyring() -> KeyringBackend | None:
    """The keyring of this computer, or the one that the person chose, if it keeps passwords safe.

    keyring's own rules choose it; one that writes them to a plain file is refused.
    """
    import keyring  # a tenth of a second and a call on the system's bus: only where it is wanted
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    backends = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
    return next(filter(_is_safe, backends), None)


def _is_safe(keyring: KeyringBackend) -> bool:
    is_plain = type(keyring).__module__.startswith(IN_PLAIN_FILES)
    return not is_plain and keyring.priority >= RECOMMENDED


@contextmanager
def _keyring_faults() -> Generator[None, None, None]:
    """Turns whatever a keyring raises inside the block into `KeyringUnusable`.

    Each system has its own: a locked keyring, a dialog that was dismissed, a bus that is gone.
    """
    try:
        yield
    except Exception as error:
        log.warning("the keyring failed: %s", type(error).__name__)
        raise _unusable("the keyring of this computer refused it.") from error


def _unusable(why: str) -> KeyringUnusable:
    return KeyringUnusable(
        f"The password is not kept: {why}",
        remedy="It is known until Deskbook is closed; unlock the keyring and enter it again.",
    )
