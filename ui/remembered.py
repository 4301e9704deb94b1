"""What the window remembers from one start to the next: what the person wants to see no more.

Kept in one small file beside the library; a window that cannot read or write it shows too much,
and works.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)

FILE = "window.json"  # in the data folder


class Remembered:
    """Names of parts of the window that were dismissed for good."""

    def __init__(self, path: Path | None = None) -> None:
        """Without a path it forgets everything at the end."""
        self._path = path
        self._dismissed = _read(path) if path is not None else frozenset()

    def is_dismissed(self, part: str) -> bool:
        """Whether the person wants to see that part no more."""
        return part in self._dismissed

    def dismiss(self, part: str) -> None:
        """Keep in mind that the person wants to see that part no more."""
        self._dismissed |= {part}
        if self._path is not None:
            _write(self._path, self._dismissed)


def _read(path: Path) -> frozenset[str]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))["dismissed"]
        return frozenset(map(str, kept))
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("%s cannot be read: %s", path.name, error)
        return frozenset()


def _write(path: Path, dismissed: frozenset[str]) -> None:
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps({"dismissed": sorted(dismissed)}), encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        log.warning("%s cannot be written: %s", path.name, error)
