"""`deskbook models fit`: what would run on this computer, and how."""

from __future__ import annotations

from app.commands.invocation import Invocation
from app.lines import Line
from rag.generation.fit import fit
from rag.hardware import Machine
from rag.models import InstalledModel, ModelStore
from rag.models.gguf import read_header


def show_fit(invocation: Invocation, store: ModelStore) -> None:
    """Print how the installed models, or the one that was named, would lie in memory."""
    machine = Machine.measure()
    invocation.terminal.say(
        f"{machine.physical_cores} cores, {machine.available_bytes / 1e9:.1f} of "
        f"{machine.memory_bytes / 1e9:.1f} GB of memory free. {machine.offload}"
    )
    named = invocation.settings.model.name
    for model in (store.find(named),) if named else store.list():
        _show_one(invocation, model, machine)


def _show_one(invocation: Invocation, model: InstalledModel, machine: Machine) -> None:
    context = invocation.settings.model.context_tokens
    result = fit(read_header(model.path), machine, context)
    line: Line = {
        "name": model.name,
        "context_tokens": result.plan.context_tokens,
        "weights_bytes": result.weights_bytes,
        "cache_bytes": result.cache_bytes,
        "gpu_layers": result.plan.gpu_layers,
        "fits": result.is_fitting,
        "sentence": result.reason,
    }
    if invocation.terminal.is_json:
        invocation.terminal.line(line)
    else:
        invocation.terminal.result(f"{model.name}: {result.reason}")
