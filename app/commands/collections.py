"""`deskbook collections …`: which there are, and what belongs to them."""

from __future__ import annotations

import argparse

from app.commands.invocation import Invocation
from app.engine import Engine
from app.lines import collection_line
from app.messages import (
    AssignDocuments,
    Collections,
    DeleteCollection,
    Event,
    ListCollections,
    MakeCollection,
    RenameCollection,
    Request,
)
from app.performing import perform
from rag.errors import BadRequest
from rag.types import CollectionMembers

EXAMPLE = "deskbook collections assign manual.pdf --collection Machines"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `collections`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", help="all of them, each with the number of its documents")
    make = actions.add_parser("make", help="an empty one")
    make.add_argument("name", metavar="NAME")
    rename = actions.add_parser("rename", help="give one another name")
    rename.add_argument("name", metavar="NAME")
    rename.add_argument("new_name", metavar="NEW_NAME")
    remove = actions.add_parser("remove", help="delete one; its documents stay")
    remove.add_argument("name", metavar="NAME")
    for action, purpose in (
        ("assign", "put documents into the collection named by --collection"),
        ("unassign", "take documents out of the collection named by --collection"),
    ):
        assign = actions.add_parser(action, help=purpose)
        assign.add_argument("documents", nargs="+", metavar="DOCUMENT")


def run(invocation: Invocation) -> int:
    """Do the action, then list what there is. Raises BadRequest and UnknownDocument."""
    with invocation.opened() as (engine, work):
        change = _change(invocation, engine)
        if change is not None:
            perform(engine, change, lambda event: None, work)
        perform(engine, ListCollections(2), lambda event: _show(invocation, event), work)
    return 0


def _change(invocation: Invocation, engine: Engine) -> Request | None:
    """What is to be done before the list is shown."""
    arguments = invocation.arguments
    match arguments.action:
        case "make":
            return MakeCollection(1, arguments.name, CollectionMembers())
        case "rename":
            return RenameCollection(1, arguments.name, arguments.new_name)
        case "remove":
            return DeleteCollection(1, arguments.name)
        case "assign" | "unassign":
            find = engine.catalog.documents.find
            documents = tuple(find(name).document for name in arguments.documents)
            return _assignment(invocation, documents)
    return None


def _assignment(invocation: Invocation, documents: tuple[str, ...]) -> AssignDocuments:
    if not invocation.collection:
        raise BadRequest("No collection was named.", remedy="Name one with --collection NAME.")
    are_members = invocation.arguments.action == "assign"
    return AssignDocuments(1, documents, invocation.collection, are_members)


def _show(invocation: Invocation, event: Event) -> None:
    assert isinstance(event, Collections)
    terminal = invocation.terminal
    for entry in event.collections:
        if terminal.is_json:
            terminal.line(collection_line(entry))
        else:
            terminal.result(f"{entry.document_count:6}  {entry.name}")
    if not event.collections:
        terminal.say("There are no collections. `deskbook add PATH --collection NAME` makes one.")
