"""`deskbook folders …`: which folders are followed, and what is left out in them."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from app.commands import add
from app.commands.invocation import Invocation
from app.engine import Engine
from app.lines import folder_line, pattern_line, unfollowed_line
from app.messages import (
    Concerned,
    Event,
    Folders,
    ListFolders,
    RemoveDocuments,
    Request,
    SetPatterns,
    UnfollowFolder,
)
from app.performing import perform
from rag.errors import BadRequest
from rag.scheduler import Work
from rag.types import FollowedFolder

EXAMPLE = 'deskbook folders leave-out "drafts/" "*.log"'


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `folders`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", help="the folders that are followed")
    follow = actions.add_parser("follow", help="bring a folder in and keep in step with it")
    add.configure(follow)
    unfollow = actions.add_parser("unfollow", help="keep in step no longer; the documents stay")
    unfollow.add_argument("path", metavar="PATH", type=Path)
    leave_out = actions.add_parser("leave-out", help="patterns of files that are not brought in")
    leave_out.add_argument("patterns", nargs="*", metavar="PATTERN")
    leave_out.add_argument("--in", dest="path", metavar="PATH", type=Path, help="in this one alone")
    leave_out.add_argument("--no-longer", action="store_true", help="bring them in again")
    for parser_of_action in (unfollow, leave_out):
        parser_of_action.add_argument(
            "--remove-documents", action="store_true", help="take their documents out as well"
        )


def run(invocation: Invocation) -> int:
    """Do the action. Raises BadRequest."""
    actions: dict[str, Callable[[Invocation], int]] = {
        "list": _list,
        "follow": _follow,
        "unfollow": _unfollow,
        "leave-out": _leave_out,
    }
    return actions[invocation.arguments.action or "list"](invocation)


def _list(invocation: Invocation) -> int:
    terminal = invocation.terminal
    with invocation.opened() as (engine, work):
        folders = _ask(engine, work).folders
    for folder in folders:
        is_away = not os.path.isdir(folder.path)
        if terminal.is_json:
            terminal.line(folder_line(folder, is_away=is_away))
        else:
            terminal.result(_sentence(folder, is_away=is_away))
    if not folders:
        terminal.say("No folder is followed. `deskbook folders follow PATH` follows one.")
    return 0


def _follow(invocation: Invocation) -> int:
    for path in invocation.arguments.paths:
        if not os.path.isdir(path):
            raise BadRequest(f"There is no folder {path}.", remedy="Check the name.")
    return add.run(invocation)


def _unfollow(invocation: Invocation) -> int:
    path = str(invocation.arguments.path.absolute())
    with invocation.opened() as (engine, work):
        concerned = _change(engine, work, UnfollowFolder(1, path))
        _tell_concerned(invocation, engine, work, concerned)
    if invocation.terminal.is_json:
        invocation.terminal.line(unfollowed_line(path, concerned))
    else:
        invocation.terminal.result(f"followed no longer: {path}")
    return 0


def _leave_out(invocation: Invocation) -> int:
    arguments = invocation.arguments
    folder = arguments.path.absolute() if arguments.path else None
    with invocation.opened() as (engine, work):
        lines = engine.library.patterns(folder)
        if arguments.patterns:
            named = arguments.patterns
            lines = tuple(line for line in lines if line not in named)
            lines += () if arguments.no_longer else tuple(named)
            request = SetPatterns(1, str(folder) if folder else "", lines)
            _tell_concerned(invocation, engine, work, _change(engine, work, request))
    for line in lines:
        if invocation.terminal.is_json:
            invocation.terminal.line(pattern_line(line, folder))
        else:
            invocation.terminal.result(line)
    return 0


def _ask(engine: Engine, work: Work) -> Folders:
    events: list[Event] = []
    perform(engine, ListFolders(1), events.append, work)
    (folders,) = events
    assert isinstance(folders, Folders)
    return folders


def _change(engine: Engine, work: Work, request: Request) -> tuple[str, ...]:
    """Carry it out; the documents that it concerns."""
    events: list[Event] = []
    perform(engine, request, events.append, work)
    return tuple(
        document for event in events if isinstance(event, Concerned) for document in event.documents
    )


def _tell_concerned(
    invocation: Invocation, engine: Engine, work: Work, documents: Sequence[str]
) -> None:
    """They go if the person has said so, and else stay."""
    if not documents:
        return
    count = f"{len(documents)} document{'s' if len(documents) > 1 else ''}"
    if invocation.arguments.remove_documents:
        perform(engine, RemoveDocuments(2, tuple(documents)), lambda event: None, work)
        invocation.terminal.say(f"{count} taken out of the library.")
    else:
        invocation.terminal.say(f"{count} of it stay; --remove-documents takes them out.")


def _sentence(folder: FollowedFolder, *, is_away: bool) -> str:
    state = "not reachable" if is_away else "followed"
    looked = "not looked at yet"
    if folder.looked_at:
        looked = f"looked at {time.strftime('%Y-%m-%d %H:%M', time.localtime(folder.looked_at))}"
    left_out = f"\n    left out: {', '.join(folder.patterns)}" if folder.patterns else ""
    return (
        f"{state:13}  {folder.path}  ({folder.collection or 'no collection'}; {looked}){left_out}"
    )
