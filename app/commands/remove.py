"""`deskbook remove DOCUMENT…`: out of the library; the files stay where they are."""

from __future__ import annotations

import argparse

from app.commands.invocation import Invocation
from app.messages import RemoveDocuments
from app.performing import perform
from rag.errors import UnknownDocument

EXAMPLE = "deskbook remove manual.pdf"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `remove`."""
    parser.add_argument(
        "documents", nargs="+", metavar="DOCUMENT", help="id, path, file name or title"
    )


def run(invocation: Invocation) -> int:
    """Remove each document; 1 if one of them is not there."""
    terminal = invocation.terminal
    failed = False
    with invocation.opened() as (engine, work):
        for name in invocation.arguments.documents:
            try:
                entry = engine.catalog.documents.find(name)
                request = RemoveDocuments(1, (entry.document,))
                perform(engine, request, lambda event: None, work)
            except UnknownDocument as error:
                terminal.fail(error)
                failed = True
                continue
            if terminal.is_json:
                terminal.line({"document": entry.document, "path": entry.path, "state": "removed"})
            else:
                terminal.result(f"removed: {entry.title} ({entry.path})")
    return 1 if failed else 0
