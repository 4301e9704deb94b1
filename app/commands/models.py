"""`deskbook models …`: which models there are, which are here, and what would run."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from app.commands.fetching import Progress
from app.commands.fitting import show_fit
from app.commands.invocation import Invocation
from app.commands.listing import list_models, state_of
from app.embedder_change import EmbedderChange
from app.embedder_choice import read_choice
from app.lines import Line, model_line
from app.model_store import model_source, model_store
from rag.errors import BadRequest
from rag.models import InstalledModel, ModelKind, ModelStore
from rag.models.judging import judge
from rag.scheduler import Scheduler, Work

EXAMPLE = "deskbook models get phi-4"


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `models`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="the models that are here, with other programs', and the rest")
    get = actions.add_parser("get", help="download a model of the catalogue")
    get.add_argument("name", metavar="NAME")
    take = actions.add_parser(
        "import", help="take over a GGUF file, an embedder's folder, or a folder with GGUF files"
    )
    take.add_argument("path", metavar="PATH", type=Path)
    take.add_argument(
        "--copy", action="store_true", help="copy it; otherwise it is used where it lies"
    )
    remove = actions.add_parser("remove", help="delete a model, or forget one used where it lies")
    remove.add_argument("name", metavar="NAME")
    use = actions.add_parser("use", help="answer with this model, or search with this embedder")
    use.add_argument("name", metavar="NAME")
    actions.add_parser("fit", help="what would run on this machine, and how")


def run(invocation: Invocation) -> int:
    """Do the action."""
    actions: dict[str, Callable[[Invocation, ModelStore], None]] = {
        "list": list_models,
        "get": _get,
        "import": _import,
        "remove": _remove,
        "use": _use,
        "fit": show_fit,
    }
    actions[invocation.arguments.action](invocation, model_store(invocation.settings))
    return 0


def _get(invocation: Invocation, store: ModelStore) -> None:
    name = invocation.arguments.name
    with invocation.stoppable(Work(Scheduler())) as work:
        model = store.get(
            name,
            source=model_source(invocation.settings.downloads),
            on_progress=Progress(invocation.terminal, name).show,
            is_stopped=work.is_stopped,
        )
    whose = f", {model.owner}'s" if model.owner else ""
    _print(
        invocation, model_line(model, state_of(model)), f"{model.name} is in {model.path}{whose}"
    )


def _import(invocation: Invocation, store: ModelStore) -> None:
    arguments = invocation.arguments
    for model in store.import_path(arguments.path, is_copied=arguments.copy):
        how = "is used in" if model.is_in_place else "is in"
        if model.kind is ModelKind.LLM:
            judgement = judge(model.path)
            for sentence in (judgement.sentence, *judgement.cautions):
                invocation.terminal.say(f"{model.name}: {sentence}")
        _print(invocation, model_line(model, state_of(model)), f"{model.name} {how} {model.path}")


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
    name = invocation.arguments.name
    entry = store.catalogue.named(name)
    kind = entry.kind if entry else None
    if kind is ModelKind.RERANKER:
        raise BadRequest(
            f"“{name}” reads again what was found, and does so wherever it is installed.",
            remedy=f"Get it with `deskbook models get {name}`; remove it to do without.",
        )
    if kind is ModelKind.EMBEDDER or name in {m.name for m in store.imported_embedders()}:
        _use_embedder(invocation, store.embedder(name).name)
    else:
        _use_language_model(invocation, store, store.find(name))


def _use_language_model(invocation: Invocation, store: ModelStore, model: InstalledModel) -> None:
    """It is loaded once: what cannot be loaded is not chosen."""
    if model not in store.list():
        raise BadRequest(
            f"“{model.path.name}” is not among the models, so it would not be found again.",
            remedy=f"Take it over first, with `deskbook models import {model.path}`.",
        )

    def say_loading(what: str) -> None:
        invocation.terminal.say(f"loading {what}")

    with (
        invocation.opened() as (engine, work),
        engine.language_models.told(say_loading, is_stopped=work.is_stopped),
    ):
        engine.use_model(model.name)
    line: Line = {"name": model.name, "in_use": True}
    _print(invocation, line, f"Questions are answered by {model.name}")


def _use_embedder(invocation: Invocation, name: str) -> None:
    """All passages are read by the embedder first; until then the library has the one before."""
    shown = -1

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


def _print(invocation: Invocation, line: Line, sentence: str) -> None:
    if invocation.terminal.is_json:
        invocation.terminal.line(line)
    else:
        invocation.terminal.result(sentence)
