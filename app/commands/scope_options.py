"""The options that keep a question to a part of the library, beside `--collection`."""

from __future__ import annotations

import argparse

from app.commands.invocation import Invocation
from app.narrowing import Narrowing


def add_scope_arguments(parser: argparse.ArgumentParser) -> None:
    """Documents, kinds, a folder and days."""
    options = parser.add_argument_group("options to keep to a part of the library")
    for name, metavar, purpose in (
        ("--document", "NAME_OR_ID", "this document: its file name, title, path or id"),
        ("--kind", "KIND", "documents of this kind: pdf, markdown, docx, email, …"),
    ):
        options.add_argument(
            name, metavar=metavar, action="append", default=[], help=f"{purpose}; repeatable"
        )
    for name, metavar, purpose in (
        ("--folder", "PATH", "files in this folder and below"),
        ("--since", "DAY", "files last changed on this day or later, as 2026-01-31"),
        ("--until", "DAY", "files last changed on this day or earlier"),
    ):
        options.add_argument(name, metavar=metavar, default="", help=purpose)


def narrowing_typed(invocation: Invocation) -> Narrowing:
    """What was typed."""
    arguments = invocation.arguments
    return Narrowing(
        collection=invocation.collection,
        documents=tuple(arguments.document),
        kinds=tuple(arguments.kind),
        folder=arguments.folder,
        since=arguments.since,
        until=arguments.until,
    )
