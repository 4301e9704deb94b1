"""`deskbook add PATH…`: files and folders into the library."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable

from app.commands.invocation import Invocation
from app.commands.password_option import typed_passwords
from app.commands.terminal import Terminal, one_line, size_of
from app.lines import added_line
from app.messages import Added, Adding, AddPaths, Event, RecognizeScans
from app.performing import perform
from app.settings import DEFAULT_COLLECTION
from rag.types import AddedFile, Verdict

EXAMPLE = "deskbook add ~/Documents/manuals notes.md --password -"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `add`."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file or a folder")
    parser.add_argument(
        "--leave-out",
        action="append",
        default=[],
        metavar="PATTERN",
        help="not these files of the folders, as .gitignore has it: *.log, drafts/; more than once",
    )
    parser.add_argument(
        "--password",
        action="append",
        default=[],
        metavar="PW",
        dest="passwords",
        help="to be tried on protected files, may be given again; - asks for it, or reads a line "
        "of standard input, and keeps it out of the list of processes",
    )


def run(invocation: Invocation) -> int:
    """Add the files and recognise the scans among them; 1 if one could not be added."""
    passwords = typed_passwords(invocation.arguments.passwords)
    paths = tuple(invocation.arguments.paths)
    left_out = tuple(invocation.arguments.leave_out)
    request = AddPaths(1, paths, invocation.collection or DEFAULT_COLLECTION, left_out)
    with invocation.opened() as (engine, work):
        engine.passwords.offer(passwords)
        shown = _Shown(invocation.terminal, engine.library.scans)
        perform(engine, request, shown.show, work)
        perform(engine, RecognizeScans(2), shown.show, work)
    return 1 if shown.failed_count else 0


class _Shown:
    """Each file's stages and its verdict on the terminal, of a scan when it is recognised."""

    def __init__(self, terminal: Terminal, scans: Callable[[], frozenset[str]]) -> None:
        self.failed_count = 0
        self._terminal = terminal
        self._scans = scans
        self._told: set[str] = set()  # documents
        self._stage = ("", "")  # of which path

    def show(self, event: Event) -> None:
        match event:
            case Adding(_, path, stage, done, total, seconds_left):
                if (path, stage) != self._stage or stage == "recognizing":
                    self._stage = (path, stage)
                    left = _left(seconds_left)
                    self._terminal.say(f"{done + 1} of {total}: {stage} {path}{left}")
            case Added(_, file):
                is_to_come = file.verdict is Verdict.NO_TEXT and file.document in self._scans()
                if not is_to_come and file.document not in self._told:
                    self._tell(file)

    def _tell(self, file: AddedFile) -> None:
        if file.document:
            self._told.add(file.document)
        if not file.verdict.is_success:
            self.failed_count += 1
            self._terminal.complain(_complaint(file))
        if self._terminal.is_json:
            self._terminal.line(added_line(file))
        else:
            self._terminal.result(_sentence(file))


def _complaint(file: AddedFile) -> str:
    return file.reason if file.path in file.reason else f"{file.path}: {file.reason}"


def _sentence(file: AddedFile) -> str:
    path = one_line(file.path)
    match file.verdict:
        case Verdict.READY:
            size = size_of(file.page_count, file.passage_count)
            reason = f"\n    {one_line(file.reason)}" if file.reason else ""
            return f"ready: {path} ({size}, {file.seconds:.1f} s){reason}"
        case Verdict.UNCHANGED:
            return f"unchanged: {path}"
        case Verdict.DUPLICATE:
            return f"duplicate: {path} holds what {file.document} holds"
        case _:
            return f"{file.verdict.value}: {path}"


def _left(seconds: float) -> str:
    if math.isinf(seconds):
        return ""
    return f" ({seconds / 60:.0f} min left)" if seconds >= 90 else f" ({seconds:.0f} s left)"
