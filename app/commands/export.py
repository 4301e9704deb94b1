"""`deskbook export FILE`: the library in one file, to keep or to take elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands.invocation import Invocation
from app.transfer import export_library

EXAMPLE = "deskbook export library.deskbook"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `export`."""
    parser.add_argument("file", metavar="FILE", type=Path, help="it must not exist yet")


def run(invocation: Invocation) -> int:
    """Write the file."""
    file: Path = invocation.arguments.file
    with invocation.opened() as (engine, _):
        export_library(engine.catalog, file)
    size_bytes = file.stat().st_size
    if invocation.terminal.is_json:
        invocation.terminal.line({"path": str(file.absolute()), "size_bytes": size_bytes})
    else:
        invocation.terminal.result(f"{file} holds the library ({size_bytes / 1e6:.1f} MB)")
    return 0
