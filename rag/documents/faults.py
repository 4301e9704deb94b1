"""Failures of the disk and of libraries on the way to a document, as sentences about that file."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import DamagedFile, DocumentError, PasswordNeeded, Stopped

log = logging.getLogger(__name__)


def require_file(path: Path) -> None:
    """Raises `DamagedFile` unless there is an ordinary file at the path."""
    with file_faults(path):
        path.stat()
        if path.is_dir():
            raise DamagedFile(
                f"“{path.name}” is a folder whose contents cannot be listed.",
                remedy="Allow your user to open it, then add it again.",
            )
        if not path.is_file():
            raise DamagedFile(
                f"“{path.name}” is not an ordinary file.", remedy="Add a file with a text in it."
            )


@contextmanager
def file_faults(path: Path) -> Iterator[None]:
    """Turns an `OSError` inside the block into a `DamagedFile` that names the path."""
    try:
        yield
    except FileNotFoundError as error:
        raise DamagedFile(
            f"There is no file “{path}”.", remedy="Check the name, or add it from where it is now."
        ) from error
    except PermissionError as error:
        raise DamagedFile(
            f"“{path.name}” may not be read by your user.",
            remedy="Change the file's permissions, then add it again.",
        ) from error
    except OSError as error:
        raise DamagedFile(
            f"“{path.name}” cannot be read: {error.strerror or error}.",
            remedy="Check the disk or the connection to it, then add it again.",
        ) from error


def password_needed(path: Path, *, was_given: bool) -> PasswordNeeded:
    """What is said of a file that a password opens, but not the one that was given, if any was."""
    if was_given:
        return PasswordNeeded(
            f"No password that was given opens “{path.name}”.",
            remedy="Check the capital letters and the keyboard's language, and enter it again.",
        )
    return PasswordNeeded(
        f"“{path.name}” is protected with a password.",
        remedy="Click it in the library to enter the password, or add it with --password.",
    )


def cannot_decrypt(path: Path) -> PasswordNeeded:
    """What is said of a file whose encryption is of a kind that no password helps with here."""
    return PasswordNeeded(
        f"“{path.name}” is protected with a password, in a way that Deskbook cannot undo.",
        remedy="Save a copy without the password from the program that opens it, and add that.",
    )


def damaged(path: Path, expected: str) -> DamagedFile:
    """What is said of a file that is not what was `expected`: "Word document", "web page"."""
    return DamagedFile(
        f"“{path.name}” is damaged or no {expected}.",
        remedy="Open it in another program and save it anew, or get it again.",
    )


@contextmanager
def library_faults(path: Path, expected: str) -> Iterator[None]:
    """Turns whatever a library raises over a damaged file inside the block into `damaged`.

    The edge to libraries that promise no errors of their own: over a few wrong bytes, any line
    of theirs may fail.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what they say of odd files is nothing for a person
            yield
    except (DocumentError, Stopped):
        raise
    except Exception as error:
        log.info("a library failed over a file: %s", type(error).__name__)
        raise damaged(path, expected) from error
