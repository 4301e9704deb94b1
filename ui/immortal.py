"""Keeps Python 3.11 alive under PySide6 6.12. Nothing else is here, and 3.12 needs none of it.

From Python 3.12 on, None, True and False are immortal (PEP 683), and extension modules built for
it hand them out without counting. PySide6 6.12's wheels do so under 3.11 too, where they are
counted: each call of a Qt method that returns nothing takes one reference of None away, and after
a few thousand calls the interpreter aborts with "deallocating None".
"""

from __future__ import annotations

import ctypes
import sys

_ENOUGH = sys.maxsize // 4


def keep_constants_alive() -> None:
    """Give the constants more references than any program can lose, which makes them immortal."""
    if sys.version_info >= (3, 12):
        return
    for constant in (None, True, False, NotImplemented):
        if sys.getrefcount(constant) < _ENOUGH:
            # The count is the first field of each object (CPython's object.h, `ob_refcnt`).
            ctypes.c_ssize_t.from_address(id(constant)).value += _ENOUGH
