"""`deskbook models fit`: what would run on this computer, and how."""

from __future__ import annotations

from app.commands.invocation import Invocation
from app.graphics import measured_machine
from app.judging_models import Judged, Unusable, judge_model, judge_models
from app.lines import Line
from app.model_offers import on_machine, recommended
from app.speed_words import pace
from rag.models import ModelStore


def show_fit(invocation: Invocation, store: ModelStore) -> None:
    """Print how each language model, or the one that was named, would lie in memory.

    Raises ModelMissing, and ModelUnusable where the one that was named is no model.
    """
    machine = measured_machine(invocation.settings, store)
    invocation.terminal.say(
        f"{machine.processor.performance_cores} cores, {machine.available_bytes / 1e9:.1f} of "
        f"{machine.memory_bytes / 1e9:.1f} GB of memory free. {machine.offload}"
    )
    if named := invocation.settings.model.name:
        model = judge_model(invocation.settings, store.find(named), machine)
        _show(invocation, model, is_recommended=False)
        invocation.terminal.say(f"{model.fitted.reason} {pace(model.speed)}")
        return
    judged = judge_models(invocation.settings, store, machine)
    models = [each for each in judged if isinstance(each, Judged)]
    best = recommended(models)
    for each in judged:
        if isinstance(each, Unusable):
            invocation.terminal.complain(each.reason)
        else:
            _show(invocation, each, is_recommended=each is best)
    invocation.terminal.say(on_machine(machine, best, models))


def _show(invocation: Invocation, model: Judged, *, is_recommended: bool) -> None:
    if invocation.terminal.is_json:
        invocation.terminal.line(_line(model, is_recommended=is_recommended))
    else:
        invocation.terminal.result(_row(model, is_recommended=is_recommended))


def _line(model: Judged, *, is_recommended: bool) -> Line:
    fitted, plan, speed = model.fitted, model.fitted.plan, model.speed
    return {
        "name": model.name,
        "installed": model.installed is not None,
        "fits": fitted.is_fitting,
        "recommended": is_recommended,
        "reason": fitted.reason,
        "context_tokens": plan.context_tokens,
        "cache_type": plan.cache_type.value,
        "mapped": plan.is_mapped,
        "threads": plan.threads,
        "gpu_layers": plan.gpu_layers,
        "weights_bytes": fitted.weights_bytes,
        "cache_bytes": fitted.cache_bytes,
        "buffer_bytes": fitted.buffer_bytes,
        "resident_bytes": fitted.resident_bytes,
        "gpu_bytes": fitted.gpu_bytes,
        "free_bytes": fitted.machine.available_bytes,
        "reading_tokens_per_s": round(speed.reading, 2),
        "writing_tokens_per_s": round(speed.writing, 2),
        "measured": model.is_measured,
    }


def _row(model: Judged, *, is_recommended: bool) -> str:
    """A row of the table: a mark for the right one, and an estimate's speeds with "about"."""
    fitted, speed = model.fitted, model.speed
    plan, resident = fitted.plan, fitted.resident_bytes / 1e9
    place = f", {plan.gpu_layers} layers on a card" if plan.gpu_layers else ""
    return (
        f"{'*' if is_recommended else ' '} {model.name:18}"
        f"{'fits' if fitted.is_fitting else 'too large':11}"
        f"{resident:5.1f} GB with {plan.context_tokens:6,} tokens{place}, "
        f"{'' if model.is_measured else 'about '}{speed.reading:.0f} tokens/s read, "
        f"{speed.writing:.1f} written"
    )
