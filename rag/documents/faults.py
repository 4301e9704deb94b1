"""Failures of the file system on the way to a document, turned into sentences about that file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import DamagedFile


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
