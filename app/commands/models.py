"""`deskbook models …`: which models there are, which are here, and what would run."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from app.commands.fitting import show_fit
from app.commands.invocation import Invocation
from app.embedder_change import EmbedderChange
from app.embedder_choice import read_choice
from app.engine import model_store
from app.lines import Line
from rag.errors import BadRequest
from rag.models import CatalogueEntry, InstalledModel, ModelKind, ModelStore
from rag.scheduler import Scheduler, Work

EXAMPLE = "deskbook models get phi-4"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `models`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="the models that are installed and those to be had")
    get = actions.add_parser("get", help="download a model of the catalogue")
    get.add_argument("name", metavar="NAME")
    take = actions.add_parser("import", help="take over a GGUF file, or an embedder's folder")
    take.add_argument("path", metavar="PATH", type=Path)
    remove = actions.add_parser("remove", help="delete a model from the models folder")
    remove.add_argument("name", metavar="NAME")
    use = actions.add_parser("use", help="have the library searched with another embedder")
    use.add_argument("name", metavar="NAME")
    actions.add_parser("fit", help="what would run on this machine, and how")


def run(invocation: Invocation) -> int:
    """Do the action."""
    actions: dict[str, Callable[[Invocation, ModelStore], None]] = {
        "list": _list,
        "get": _get,
        "import": _import,
        "remove": _remove,
        "use": _use,
        "fit": show_fit,
    }
    actions[invocation.arguments.action](invocation, model_store(invocation.settings))
    return 0


def _list(invocation: Invocation, store: ModelStore) -> None:
    installed = {model.name: model for model in (*store.list(), *store.imported_embedders())}
    for model in installed.values():
        _print(invocation, _line(model), f"installed  {model.name}  {model.path}")
    for entry in store.catalogue.entries:
        if entry.name not in installed:
            _list_entry(invocation, entry, store.is_installed(entry))


def _list_entry(invocation: Invocation, entry: CatalogueEntry, is_installed: bool) -> None:
    line: Line = {
        "name": entry.name,
        "title": entry.title,
        "kind": entry.kind.value,
        "installed": is_installed,
        "size_bytes": entry.size_bytes,
        "licence": entry.licence,
    }
    state = "installed" if is_installed else "to be had"
    size = f"{entry.size_bytes / 1e9:.1f} GB"
    _print(invocation, line, f"{state}  {entry.name}  {entry.title}, {size}")


def _get(invocation: Invocation, store: ModelStore) -> None:
    shown = -1

    def show(done_bytes: int, total_bytes: int) -> None:
        nonlocal shown
        percent = 100 * done_bytes // max(1, total_bytes)
        if percent != shown:
            shown = percent
            invocation.terminal.say(f"{percent} % of {total_bytes / 1e9:.2f} GB")

    with invocation.stoppable(Work(Scheduler())) as work:
        model = store.get(
            invocation.arguments.name,
            hub=invocation.settings.downloads.hub,
            on_progress=show,
            is_stopped=work.is_stopped,
        )
    _print(invocation, _line(model), f"{model.name} is in {model.path}")


def _import(invocation: Invocation, store: ModelStore) -> None:
    model = store.import_file(invocation.arguments.path)
    _print(invocation, _line(model), f"{model.name} is in {model.path}")


def _remove(invocation: Invocation, store: ModelStore) -> None:
    name = invocation.arguments.name
    if name == read_choice(invocation.settings.paths.embedder_choice, wish="").in_use:
        raise BadRequest(
            f"The library is searched with “{name}”, so it is needed.",
            remedy="Change to another embedder first, with `deskbook models use`.",
        )
    store.remove(name)
    _print(invocation, {"name": name, "installed": False}, f"{name} is removed")


def _use(invocation: Invocation, store: ModelStore) -> None:
    """All passages are read by the embedder first; until then the library has the one before."""
    name, shown = store.embedder(invocation.arguments.name).name, -1

    def show(done: int, total: int) -> None:
        nonlocal shown
        percent = 100 * done // max(1, total)
        if percent != shown:
            shown = percent
            invocation.terminal.say(f"{name} has read {percent} % of {total} passages")

    with invocation.opened() as (engine, work):
        engine.want_embedder(name)
        if not engine.embedder_choice.is_settled:
            with closing(EmbedderChange(engine, on_filled=show)) as change:
                change.prepare(work)
                change.finish(work)
    line: Line = {"name": name, "in_use": True}
    _print(invocation, line, f"The library is searched with {name}")


def _line(model: InstalledModel) -> Line:
    return {
        "name": model.name,
        "title": model.entry.title if model.entry else model.name,
        "kind": _kind(model).value,
        "installed": True,
        "path": str(model.path),
        "size_bytes": model.size_bytes,
        "licence": model.entry.licence if model.entry else None,
    }


def _kind(model: InstalledModel) -> ModelKind:
    """What the catalogue does not know is a language model in a file, or an embedder's folder."""
    if model.entry is not None:
        return model.entry.kind
    return ModelKind.EMBEDDER if model.path.is_dir() else ModelKind.LLM


def _print(invocation: Invocation, line: Line, sentence: str) -> None:
    if invocation.terminal.is_json:
        invocation.terminal.line(line)
    else:
        invocation.terminal.result(sentence)
