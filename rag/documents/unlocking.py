"""Whether a password opens a file. Reads nothing of it but what tells that."""

from collections.abc import Sequence
from pathlib import Path

from rag.documents.archives import is_archive, password_of
from rag.documents.faults import require_file
from rag.documents.files import kind_of
from rag.documents.packages import open_package
from rag.documents.passwords import first_that_opens
from rag.documents.pdf_file import open_pdf
from rag.documents.reading import PROTECTABLE
from rag.types import Kind


def try_passwords(path: Path, passwords: Sequence[str]) -> None:
    """Passes where one of them opens the file, or where the file asks for none.

    Raises `PasswordNeeded` where none does, or whatever else is wrong with the file.
    """
    require_file(path)
    if is_archive(path):
        password_of(path, passwords)
    elif kind_of(path) in PROTECTABLE:
        first_that_opens(lambda password: _open(path, password), passwords, path=path)


def _open(path: Path, password: str) -> None:
    if kind_of(path) is Kind.PDF:
        with open_pdf(path, password):
            return
    with open_package(path, "Office file", password):
        return
