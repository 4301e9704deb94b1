"""The log file: where what went wrong is written down for those who mend it."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from pathlib import Path

SIZE_BYTES = 1_000_000
KEPT = 3


class LogFile(logging.handlers.RotatingFileHandler):
    """A file that begins anew when it is full; what cannot be written to it is lost in silence."""

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk, or a file held by another program, is no traceback for a person."""


def write_log(folder: Path, *, name: str, is_verbose: bool) -> Path:
    """Send all logging to `folder`/`name`.log, and to the terminal too if `is_verbose`.

    Where the folder cannot be written the terminal alone gets it: whoever opens the library
    there says what is wrong. Returns the file.
    """
    file = folder / f"{name}.log"
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)] if is_verbose else []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handlers.append(LogFile(file, maxBytes=SIZE_BYTES, backupCount=KEPT, encoding="utf-8"))
    except OSError:
        handlers = handlers or [logging.NullHandler()]
    logging.basicConfig(
        level=logging.DEBUG if is_verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(processName)s %(name)s: %(message)s",
        handlers=handlers,
        force=True,
    )
    for noisy in ("chromadb", "httpx", "urllib3", "filelock", "sentence_transformers"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return file
