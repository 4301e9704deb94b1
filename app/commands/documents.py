"""`deskbook documents`: what is in the library, its state and verdict."""

from __future__ import annotations

import argparse

from app.commands.invocation import Invocation
from app.commands.terminal import one_line, size_of
from app.lines import document_line
from rag.types import DocumentEntry

EXAMPLE = "deskbook documents --json"


def configure(parser: argparse.ArgumentParser) -> None:
    """It takes no arguments of its own."""


def run(invocation: Invocation) -> int:
    """List the documents, of all collections or of the one named."""
    terminal = invocation.terminal
    with invocation.opened() as (engine, _):
        invocation.note_unknown_collection(engine)
        entries = engine.catalog.documents.list(invocation.collection)
    for entry in entries:
        if terminal.is_json:
            terminal.line(document_line(entry))
        else:
            terminal.result(_sentence(entry))
    if not entries:
        terminal.say("There are no documents. Add some with `deskbook add PATH`.")
    return 0


def _sentence(entry: DocumentEntry) -> str:
    size = size_of(entry.page_count, entry.passage_count)
    reason = f"\n    {one_line(entry.reason)}" if entry.reason else ""
    title, path = one_line(entry.title), one_line(entry.path)
    return f"{entry.document}  {entry.state.value:10}  {title} ({size})  {path}{reason}"
