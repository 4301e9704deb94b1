"""Reads tables in text files: CSV (RFC 4180) and its kin with semicolons, tabs or bars.

Each row is a line with its columns' names, under a heading that says which rows of the file follow.
"""

import csv
import re
from pathlib import Path

from rag.documents.draft import Draft
from rag.documents.encoding import read_text
from rag.documents.faults import damaged
from rag.documents.row_sections import write_rows
from rag.types import Document, Kind

DELIMITERS = ",;\t|"
STATED_DELIMITER = re.compile(r"\"?sep=([,;|\t])\"?\n", re.IGNORECASE)  # as Excel writes it
SNIFFED = 1 << 14  # characters, by which the delimiter is told


def read(path: Path) -> Document:
    """The rows of the file. Raises `DamagedFile`."""
    text = read_text(path).replace("\r\n", "\n").replace("\r", "\n")
    draft = Draft()
    write_rows(draft, enumerate(_rows(text, path), start=1))
    return draft.document(Kind.CSV, path)


def _rows(text: str, path: Path) -> list[list[str]]:
    stated = STATED_DELIMITER.match(text)
    if stated:
        text = text[stated.end() :]
    delimiter = stated[1] if stated else _delimiter(text[:SNIFFED])
    try:
        lines = text.splitlines(keepends=True)
        return list(csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        # A quotation mark that is no more than that, an inch perhaps, swallows what follows it.
        return _rows_without_quotes(text, delimiter, path)


def _rows_without_quotes(text: str, delimiter: str, path: Path) -> list[list[str]]:
    try:
        return list(csv.reader(text.split("\n"), delimiter=delimiter, quoting=csv.QUOTE_NONE))
    except csv.Error as error:
        raise damaged(path, "table of rows and columns") from error


def _delimiter(sample: str) -> str:
    """The delimiter that parts most lines into the same number of cells."""

    def evenness(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in sample.split("\n")[:-1] or [sample]]
        usual = max(set(counts), key=counts.count)
        return (counts.count(usual) if usual else 0, usual)

    return max(DELIMITERS, key=evenness)
