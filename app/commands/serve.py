"""`deskbook serve`: the local API, for other programs on this machine."""

from __future__ import annotations

import argparse

from app.api import Api
from app.commands.invocation import Invocation

EXAMPLE = "deskbook serve --port 8765"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `serve`."""
    parser.add_argument("--port", type=int, default=8765, help="on 127.0.0.1 (8765); 0 for any")


def run(invocation: Invocation) -> int:
    """Serve until Ctrl+C."""
    with invocation.opened() as (engine, work):
        engine.library.reconcile(work)
        with Api(engine, port=invocation.arguments.port) as api:
            invocation.terminal.say(f"Deskbook answers at {api.address}; Ctrl+C ends it.")
            api.serve_until(work.is_stopped)
    return 0
