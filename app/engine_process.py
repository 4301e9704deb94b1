"""The engine process as the window sees it: the function that it runs, and nothing heavy.

What happens in it is in `app.starting` and `app.engine_loop`.
"""

from __future__ import annotations

import gc
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from app.logs import write_log
from app.settings import Settings


def run(connection: Connection, settings: Settings) -> None:
    """Be the engine until the other end of `connection` is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the window's to answer
    log_file = write_log(settings.paths.logs, name="engine", is_verbose=False)
    _send_native_output_to(log_file.with_suffix(".native.log"))
    gc.disable()  # while hundreds of modules come in, of which nothing is to be collected
    # Imported here and not above: the window's process imports this module to name `run`.
    from app.starting import serve

    serve(connection, settings)


def _send_native_output_to(file: Path) -> None:
    """What native libraries print would reach the person's terminal, or nobody."""
    try:
        target = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError:
        target = os.open(os.devnull, os.O_WRONLY)
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.close(target)
