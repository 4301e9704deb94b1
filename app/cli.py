"""The program's command line: what is typed becomes a command, its end an exit code.

Without a command it opens the window, which is a plug-in of the program: it is found by its entry
point, and nothing of it is imported here.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import io
import logging
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from app.commands.terminal import Terminal
from app.logs import write_log
from app.settings import Paths, Settings, SettingsWrong, read_settings
from rag.errors import BadRequest, DeskbookError, LibraryError, ModelError, Stopped

if TYPE_CHECKING:
    from app.commands.invocation import Invocation

log = logging.getLogger(__name__)

DONE, SOME_FAILED, WRONG_COMMAND, UNUSABLE = 0, 1, 2, 3
INTERRUPTED = 130  # as shells have it after Ctrl+C

# Each command is a module of `app.commands`, imported when it is called: the window must not
# wait for the engine's libraries, nor `deskbook documents` for those of `deskbook serve`.
COMMANDS = {
    "add": "files and folders into the library",
    "ask": "a question: the cited answer, then its sources",
    "search": "ranked passages for a question",
    "documents": "what is in the library, its state and verdict",
    "collections": "list, make, rename, remove, assign, unassign",
    "folders": "list, follow, unfollow, leave-out",
    "text": "a document's text as it was read",
    "remove": "documents out of the library",
    "models": "list, get, import, remove, fit",
    "serve": "the local API",
    "doctor": "this machine, the library's health, what is installed",
    "export": "the library in one file",
    "import-library": "an exported library into an empty folder",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program. Returns the exit code.

    0 done; 1 some of it failed; 2 the command was wrong; 3 the library or the model cannot be
    used.
    """
    multiprocessing.freeze_support()
    _print_any_character()
    parsed = _parse(sys.argv[1:] if arguments is None else arguments)
    terminal = Terminal(is_json=parsed.json, is_quiet=parsed.quiet)
    paths = Paths.of(parsed.data_dir)
    write_log(paths.logs, name="deskbook", is_verbose=parsed.verbose)
    try:
        settings = _settings(paths, model=parsed.model)
        if parsed.command is None:
            return _open_window(settings)
        return _run(parsed, settings, terminal)
    except (Stopped, KeyboardInterrupt):
        terminal.complain("stopped; what was done until now is kept.")
        return INTERRUPTED
    except BrokenPipeError:
        return _hush()
    except DeskbookError as error:
        log.warning("%s", type(error).__name__)
        log.debug("in full", exc_info=error)  # it may name files
        terminal.fail(error)
        return _exit_code(error)
    except Exception:  # the last stop before a traceback would reach a person
        log.exception("a fault of Deskbook's")
        terminal.complain(f"a fault of Deskbook's own. The log in {paths.logs} tells more.")
        return SOME_FAILED


class Command(Protocol):
    """What a module of `app.commands` holds."""

    EXAMPLE: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's own arguments."""

    def run(self, invocation: Invocation) -> int:
        """Do it; the exit code comes back."""


def _run(parsed: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from app.commands.invocation import Invocation  # brings the engine, which no window needs

    invocation = Invocation(parsed, settings, terminal, parsed.collection)
    return _module_of(parsed.command).run(invocation)


def _module_of(command: str) -> Command:
    return cast(Command, importlib.import_module(f"app.commands.{command.replace('-', '_')}"))


def _parse(typed: Sequence[str]) -> argparse.Namespace:
    """The options common to all may stand anywhere, so they are taken out first."""
    defaults = argparse.Namespace(
        data_dir=None, collection="", model="", json=False, quiet=False, verbose=False
    )
    common = argparse.ArgumentParser(prog="deskbook", add_help=False, allow_abbrev=False)
    _add_common_options(common)
    parsed, rest = common.parse_known_args(typed, defaults)
    rest = rest[1:] if rest[:1] == ["--"] else rest
    if not rest or rest[0] not in COMMANDS:
        return _program_parser().parse_args(rest, parsed)
    parsed.command = rest[0]
    parsed.parser = _command_parser(parsed.command)
    return cast(argparse.Namespace, parsed.parser.parse_args(rest[1:], parsed))


def _program_parser() -> argparse.ArgumentParser:
    """Tells what there is, and what was wrong where no command was recognised."""
    names = "\n".join(f"  {name:16}{purpose}" for name, purpose in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="deskbook",
        description=f"Answers from your own documents, offline.\n\ncommands:\n{names}",
        epilog="Without a command it opens the window. `deskbook COMMAND --help` tells more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=metadata.version("deskbook"))
    _add_common_options(parser)
    parser.add_argument("command", nargs="?", metavar="COMMAND", choices=list(COMMANDS))
    return parser


def _command_parser(name: str) -> argparse.ArgumentParser:
    command = _module_of(name)
    parser = argparse.ArgumentParser(
        prog=f"deskbook {name}",
        description=COMMANDS[name],
        epilog=f"example: {command.EXAMPLE}",
        allow_abbrev=False,
    )
    _add_common_options(parser)
    command.configure(parser)
    return parser


def _add_common_options(parser: argparse.ArgumentParser) -> None:
    options = parser.add_argument_group("options of all commands")
    for name, metavar, purpose in (
        ("--collection", "NAME", "only this part of the library; `add` puts documents into it"),
        ("--model", "NAME_OR_PATH", "the language model: a name of `deskbook models`, or a file"),
    ):
        options.add_argument(name, metavar=metavar, help=purpose, default=argparse.SUPPRESS)
    options.add_argument(
        "--data-dir",
        metavar="DIR",
        type=Path,
        help="where the library, models, settings and logs lie",
        default=argparse.SUPPRESS,
    )
    for name, purpose in (
        ("--json", "one JSON object a line"),
        ("--quiet", "results alone"),
        ("--verbose", "the log on standard error"),
    ):
        options.add_argument(name, action="store_true", help=purpose, default=argparse.SUPPRESS)


def _print_any_character() -> None:
    """A terminal that knows no umlaut shows a question mark for it, and goes on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _settings(paths: Paths, *, model: str) -> Settings:
    settings = read_settings(paths)
    if not model:
        return settings
    return dataclasses.replace(settings, model=dataclasses.replace(settings.model, name=model))


def _open_window(settings: Settings) -> int:
    _require_screen()
    (window,) = metadata.entry_points(group="deskbook.window")
    open_window = cast(Callable[[Settings], int], window.load())
    return open_window(settings)


def _require_screen() -> None:
    """Qt would end the program with a dump of its memory."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in names):
        raise BadRequest(
            "There is no screen here to open the window on.",
            remedy="Give a command; `deskbook --help` lists them.",
        )


def _exit_code(error: DeskbookError) -> int:
    match error:
        case LibraryError() | ModelError():
            return UNUSABLE
        case BadRequest() | SettingsWrong():
            return WRONG_COMMAND
        case _:
            return SOME_FAILED


def _hush() -> int:
    """Whoever read our output has had enough; Python must not complain of it at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE
