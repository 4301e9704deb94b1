"""`deskbook import-library FILE`: an exported library into an empty data folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands.invocation import Invocation
from app.transfer import import_library

EXAMPLE = "deskbook import-library library.deskbook --data-dir ~/second"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `import-library`."""
    parser.add_argument("file", metavar="FILE", type=Path, help="what `export` has written")


def run(invocation: Invocation) -> int:
    """Read the file in and make its vectors anew."""
    import_library(invocation.arguments.file, invocation.settings.paths)
    invocation.terminal.say("making the vectors anew")
    with invocation.opened() as (engine, work):
        engine.vectors.renew()  # what lies there belongs to other passages
        engine.library.reconcile(work)
        count = len(engine.catalog.documents.list())
    if invocation.terminal.is_json:
        invocation.terminal.line({"documents": count})
    else:
        invocation.terminal.result(f"documents in the library: {count}")
    return 0
