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
    try:
        passwords = [_read() if option == FROM_INPUT else option for option in options]
        for password in passwords:
            password.encode()  # Linux takes any bytes for an argument
    except UnicodeError:
        raise BadRequest(
            "A password is no text in this terminal's encoding.",
            remedy="Type it after --password -, or write it to standard input in UTF-8.",
        ) from None  # the error holds what was typed
    return tuple(passwords)


def _read() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password of the protected files: ")
    line = sys.stdin.readline()
    if not line:
        raise BadRequest(
            "There is no password on standard input.",
            remedy="Write one line for each --password -.",
        )
    return line.rstrip("\r\n")
