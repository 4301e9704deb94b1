"""What is said of a model and what can be done with it, as plain values without a widget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from rag.types import ModelOffer, ModelState
from ui.models.downloads import Download, size_in_words

_HEADINGS = {
    ModelState.IN_USE: "In use",
    ModelState.INSTALLED: "Installed",
    ModelState.FOUND: "Found on this computer",
    ModelState.AVAILABLE: "To be had",
}


class ModelAction(StrEnum):
    """What a person can do with a model; the value is the word on the button."""

    GET = "Get"
    PAUSE = "Pause"
    RESUME = "Resume"
    USE = "Use"
    STOP = "Stop"


def facts(offer: ModelOffer) -> str:
    """Its size, its licence and where it comes from, in a line."""
    licence = f"{offer.licence} licence" if offer.licence else ""
    return " · ".join(filter(None, (size_in_words(offer.size_bytes), licence, origin(offer))))


def origin(offer: ModelOffer) -> str:
    """Where a model lies that is not in Deskbook's own folder; else empty."""
    if offer.owner:
        return f"from {offer.owner}, used where it lies"
    return "used where it lies" if offer.is_in_place else ""


def next_action(
    offer: ModelOffer, download: Download | None, *, is_busy: bool = False
) -> ModelAction | None:
    """The one thing to do next with a model; None where there is nothing."""
    if is_busy:
        return ModelAction.STOP
    if download is not None:
        if download.is_under_way:
            return ModelAction.PAUSE
        return ModelAction.RESUME if download.done_bytes else ModelAction.GET
    match offer.state:
        case ModelState.IN_USE:
            return None
        case ModelState.INSTALLED | ModelState.FOUND:
            return ModelAction.USE
        case ModelState.AVAILABLE:
            return ModelAction.GET


def removal(offer: ModelOffer) -> str:
    """The word for taking a model away; empty for one in use, or that is not ours to delete."""
    if offer.state is not ModelState.INSTALLED or offer.is_demonstration:
        return ""
    return "Forget…" if offer.is_in_place else "Remove…"


def removal_question(offer: ModelOffer) -> str:
    """What is asked before a model is taken away."""
    if offer.is_in_place:
        return f"Forget where “{offer.title}” lies? Its file stays as it is."
    freed = size_in_words(offer.size_bytes)
    return f"Delete “{offer.title}” from this computer? That frees {freed}."


def sections(offers: Iterable[ModelOffer]) -> Sequence[tuple[str, Sequence[ModelOffer]]]:
    """The models under their headings, those that do not fit last under each."""
    by_state: dict[ModelState, list[ModelOffer]] = {state: [] for state in _HEADINGS}
    for offer in offers:
        by_state[offer.state].append(offer)
    return [
        (_HEADINGS[state], sorted(found, key=lambda offer: not offer.is_fitting))
        for state, found in by_state.items()
        if found
    ]
