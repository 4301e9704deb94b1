"""The passwords that open protected files, in memory alone. Reads no file and asks nobody.

They are never written to the catalog or to a log; whoever wants them kept hands in where.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from rag.documents.faults import password_needed
from rag.errors import PasswordNeeded

Opened = TypeVar("Opened")


class Passwords:
    """What is known in this session; used from several threads."""

    def __init__(self, *, kept: Callable[[Path], str] = lambda path: "") -> None:
        """`kept` is asked for a file of which nothing is known: empty where nothing was kept."""
        self._kept = kept
        self._lock = threading.Lock()
        self._of_path: dict[str, str] = {}
        self._of_any: tuple[str, ...] = ()

    def offer(self, passwords: Iterable[str]) -> None:
        """Try these on every file that asks for one."""
        with self._lock:
            self._of_any = tuple(dict.fromkeys((*self._of_any, *filter(None, passwords))))

    def remember(self, path: Path, password: str) -> None:
        """Note that this password opens this file."""
        with self._lock:
            self._of_path[str(path)] = password

    def forget(self, path: Path) -> None:
        """Know no password of this file any more."""
        with self._lock:
            self._of_path.pop(str(path), None)

    def of(self, path: Path) -> tuple[str, ...]:
        """What to try on this file, its own first."""
        with self._lock:
            own = self._of_path.get(str(path), "")
        own = own or self._kept(path)
        if own:
            self.remember(path, own)
        return tuple(dict.fromkeys(filter(None, (own, *self._of_any))))


def first_that_opens(
    open_with: Callable[[str], Opened], passwords: Iterable[str], *, path: Path
) -> Opened:
    """What comes of opening without a password, or else with the first of these that opens.

    Raises the last `PasswordNeeded` where none does.
    """
    refusal = password_needed(path, was_given=False)
    for password in ("", *(each for typed in filter(None, passwords) for each in spellings(typed))):
        try:
            return open_with(password)
        except PasswordNeeded as error:
            refusal = error
    raise refusal


def spellings(password: str) -> tuple[str, ...]:
    """The password as it was typed, then in the form in which newer PDFs and Office store it.

    "é" may be one character or two, by the keyboard's system; the standards (SASLprep, RFC 4013)
    ask for one.
    """
    return tuple(dict.fromkeys((password, unicodedata.normalize("NFKC", password))))
