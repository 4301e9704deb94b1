"""Passwords as they are typed: after `--password`, or for `-` where nobody else can read them."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence

from rag.errors import BadRequest

FROM_INPUT = "-"


def typed_passwords(options: Sequence[str]) -> tuple[str, ...]:
    """The passwords meant by the options; each `-` is a line of standard input.

    On a terminal it is asked for and not shown. Raises BadRequest where there is none to read.
    """
    passwords = [_read() if option == FROM_INPUT else option for option in options]
    for password in passwords:
        if not _is_text(password):
            raise BadRequest(
                "A password is written in an encoding other than the terminal's.",
                remedy="Type it with --password - instead.",
            )
    return tuple(passwords)


def _read() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password of the protected files: ")
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError as error:
        raise BadRequest(
            "The password on standard input is no text.", remedy="Write it in UTF-8."
        ) from error
    if not line:
        raise BadRequest(
            "There is no password on standard input.",
            remedy="Write one line for each --password -.",
        )
    return line.rstrip("\r\n")


def _is_text(password: str) -> bool:
    """Linux takes any bytes as an argument; what is no text in them no file is opened with."""
    try:
        password.encode()
    except UnicodeEncodeError:
        return False
    return True
