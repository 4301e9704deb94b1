"""`deskbook text DOCUMENT`: a document's text as it was read."""

from __future__ import annotations

import argparse
import sys

from app.commands.invocation import Invocation

EXAMPLE = "deskbook text manual.pdf"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `text`."""
    parser.add_argument("document", metavar="DOCUMENT", help="its id, path, file name or title")


def run(invocation: Invocation) -> int:
    """Print the text, character for character: offsets in answers count in it."""
    with invocation.opened() as (engine, _):
        entry = engine.catalog.documents.find(invocation.arguments.document)
        text = engine.catalog.documents.text(entry.document)
    if invocation.terminal.is_json:
        invocation.terminal.line({"document": entry.document, "path": entry.path, "text": text})
    else:
        # Not through the terminal's own encoding and line ends: the offsets would be off.
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
    return 0
