"""`deskbook add PATH…`: files and folders into the library."""

from __future__ import annotations

import argparse
import math

from app.commands.invocation import Invocation
from app.commands.terminal import size_of
from app.lines import added_line
from app.messages import Added, Adding, AddPaths, Event
from app.performing import perform
from app.settings import DEFAULT_COLLECTION
from rag.types import AddedFile, Verdict

EXAMPLE = "deskbook add ~/Documents/manuals notes.md"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `add`."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file or a folder")


def run(invocation: Invocation) -> int:
    """Add the files; 1 if one of them could not be added."""
    terminal = invocation.terminal
    failed = 0
    shown = ("", "")  # path and stage

    def show(event: Event) -> None:
        nonlocal failed, shown
        match event:
            case Adding(_, path, stage, done, total, seconds_left):
                if (path, stage) != shown:
                    shown = (path, stage)
                    terminal.say(f"{done + 1} of {total}: {stage} {path}{_left(seconds_left)}")
            case Added(_, file):
                if not file.verdict.is_success:
                    failed += 1
                    terminal.complain(_complaint(file))
                if terminal.is_json:
                    terminal.line(added_line(file))
                else:
                    terminal.result(_sentence(file))

    paths = tuple(invocation.arguments.paths)
    request = AddPaths(1, paths, invocation.collection or DEFAULT_COLLECTION)
    with invocation.opened() as (engine, work):
        perform(engine, request, show, work)
    return 1 if failed else 0


def _complaint(file: AddedFile) -> str:
    return file.reason if file.path in file.reason else f"{file.path}: {file.reason}"


def _sentence(file: AddedFile) -> str:
    match file.verdict:
        case Verdict.READY:
            size = size_of(file.page_count, file.passage_count)
            return f"ready: {file.path} ({size}, {file.seconds:.1f} s)"
        case Verdict.UNCHANGED:
            return f"unchanged: {file.path}"
        case Verdict.DUPLICATE:
            return f"duplicate: {file.path} holds what {file.document} holds"
        case _:
            return f"{file.verdict.value}: {file.path}"


def _left(seconds: float) -> str:
    if math.isinf(seconds):
        return ""
    return f" ({seconds / 60:.0f} min left)" if seconds >= 90 else f" ({seconds:.0f} s left)"
