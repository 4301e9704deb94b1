"""A PDF, opened through PDFium: with its password where it has one, or a sentence why not."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from rag.documents.faults import file_faults, password_needed
from rag.errors import DamagedFile


@contextmanager
def open_pdf(path: Path, password: str = "") -> Iterator[pypdfium2.PdfDocument]:
    """The file, open. Raises `PasswordNeeded` or `DamagedFile`, also for what fails inside."""
    with file_faults(path), path.open("rb"):
        pass  # PDFium says of a file that it may not open no more than that it cannot
    with (
        _pdfium_faults(path, was_given=bool(password)),
        closing(pypdfium2.PdfDocument(path, password=password)) as file,
    ):
        yield file


@contextmanager
def _pdfium_faults(path: Path, *, was_given: bool) -> Iterator[None]:
    """Turns PDFium's refusal to open a file into a sentence."""
    try:
        yield
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise password_needed(path, was_given=was_given) from error
        if error.err_code == pdfium.FPDF_ERR_SECURITY:
            raise DamagedFile(
                f"“{path.name}” is encrypted in a way that Deskbook does not know.",
                remedy="Print it to a new PDF from the program that opens it, and add that.",
            ) from error
        raise DamagedFile(
            f"“{path.name}” is damaged or no PDF.",
            remedy="Open it in another program and save it anew, or get it again.",
        ) from error
