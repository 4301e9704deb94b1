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
    terminal, port = invocation.terminal, invocation.arguments.port
    with invocation.opened() as (engine, work):
        engine.library.reconcile(work)
        with Api(engine, port=port, collection=invocation.collection) as api:
            terminal.say(f"Deskbook answers at {api.address}; Ctrl+C ends it.")
            if terminal.is_json:
                terminal.line({"address": api.address})
            api.serve_until(work.is_stopped)
    return 0
