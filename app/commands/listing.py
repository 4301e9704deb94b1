"""`deskbook models list`: the models that are here and those to be had, and what each takes."""

from __future__ import annotations

from app.commands.invocation import Invocation
from app.embedder_choice import read_choice
from app.lines import CONTEXTS, Line, available_line, model_line
from app.model_choice import read_model_choice
from rag.errors import ModelMissing
from rag.models import CatalogueEntry, InstalledModel, ModelKind, ModelStore
from rag.models.glance import glance_at
from rag.models.memory import memory_bytes
from rag.types import ModelState

WORDS = {
    ModelState.IN_USE: "in use",
    ModelState.INSTALLED: "installed",
    ModelState.FOUND: "found",
    ModelState.AVAILABLE: "to be had",
}


def list_models(invocation: Invocation, store: ModelStore) -> None:
    """Print a line for each: those that are here first, then the rest of the catalogue."""
    used = _in_use(invocation, store)
    here = installed_models(store)
    for model in here:
        state = ModelState.IN_USE if model.name in used else state_of(model)
        _print(invocation, model_line(model, state), _sentence(model, state))
    for name, place in store.gone().items():
        invocation.terminal.complain(
            f"{name} is not at {place} any more. Bring it back, or forget it with "
            f"“deskbook models remove {name}”."
        )
    names = {model.name for model in here}
    for entry in store.catalogue.entries:
        if entry.name not in names:
            arrived = store.arrived_bytes(entry)
            _print(invocation, available_line(entry, arrived), _entry_sentence(entry, arrived))


def installed_models(store: ModelStore) -> tuple[InstalledModel, ...]:
    """All models on this machine: those that write first, then those that find."""
    known = (store.installed(entry) for entry in store.catalogue.entries)
    folders = (model for model in known if model is not None and model.kind is not ModelKind.LLM)
    return (*store.list(), *folders, *store.imported_embedders(), *store.imported_rerankers())


def state_of(model: InstalledModel) -> ModelState:
    """Where a model that nobody uses stands."""
    return ModelState.FOUND if model.owner else ModelState.INSTALLED


def _in_use(invocation: Invocation, store: ModelStore) -> set[str]:
    """The names of the language model that answers and of the embedder that the library has."""
    settings = invocation.settings
    embedder = read_choice(settings.paths.embedder_choice, wish=settings.library.embedder)
    if settings.server.address:
        return {embedder.in_use}
    wanted = settings.model.name or read_model_choice(settings.paths.model_choice)
    try:
        answers = store.find(wanted) if wanted else store.default()
    except ModelMissing:  # told when a question is asked
        answers = store.default()
    return {embedder.in_use, answers.name if answers else ""}


def _sentence(model: InstalledModel, state: ModelState) -> str:
    owner = f"{model.owner}'s, " if model.owner else ""
    licence = f", {model.entry.licence}" if model.entry else ""
    size = f"{model.size_bytes / 1e9:.1f} GB"
    words = f"{WORDS[state]}  {model.name}  {_title(model)}{owner}{size}{licence}"
    return f"{words}{_memory_words(model)}; {model.path}"


def _title(model: InstalledModel) -> str:
    """What a person knows it by; of an unknown one, how its file says that it is rounded."""
    if model.entry is not None:
        return f"{model.entry.title}, "
    glance = glance_at(model.path) if model.kind is ModelKind.LLM else None
    return f"{glance.quantization}, " if glance is not None and glance.quantization else ""


def _entry_sentence(entry: CatalogueEntry, arrived_bytes: int) -> str:
    size = f"{entry.size_bytes / 1e9:.1f} GB"
    here = f" ({arrived_bytes / 1e9:.1f} GB of it are here)" if arrived_bytes else ""
    words = f"to be had  {entry.name}  {entry.title}, {size}{here}, {entry.licence}"
    return f"{words}{_memory_words(entry)}. {entry.note}"


def _memory_words(model: InstalledModel | CatalogueEntry) -> str:
    """For a language model, the memory at the shortest and the longest of the contexts."""
    if model.kind is not ModelKind.LLM:
        return ""
    least, most = (memory_bytes(model, tokens) / 1e9 for tokens in (CONTEXTS[0], CONTEXTS[-1]))
    return f"; takes {least:.1f} to {most:.1f} GB of memory at 4K to 16K tokens"


def _print(invocation: Invocation, line: Line, sentence: str) -> None:
    if invocation.terminal.is_json:
        invocation.terminal.line(line)
    else:
        invocation.terminal.result(sentence)
