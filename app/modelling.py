"""Requests about language models, carried out: listed, fetched, taken over, used and removed.

Nothing is asked of a model here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias, assert_never

from app.engine import Engine
from app.graphics import measured_machine
from app.messages import (
    Downloading,
    Event,
    GetModel,
    ImportModel,
    ListModels,
    Loading,
    Models,
    Ready,
    RemoveModel,
    UseModel,
)
from app.model_offers import model_offers
from app.model_store import model_source
from rag.budgeting import reading_s
from rag.errors import BadRequest
from rag.models import Arrived
from rag.scheduler import Work

ModelRequest: TypeAlias = ListModels | GetModel | ImportModel | UseModel | RemoveModel

Emit = Callable[[Event], None]


def arrange_models(engine: Engine, request: ModelRequest, emit: Emit, work: Work) -> None:
    """Carry a request about language models out. Raises DeskbookError and Stopped."""
    match request:
        case ListModels(request_id):
            emit(_models(engine, request_id))
        case GetModel():
            _get(engine, request, emit, work)
        case ImportModel(request_id, path, is_copied):
            engine.models.import_path(Path(path), is_copied=is_copied)
            emit(_models(engine, request_id))
        case UseModel():
            _use(engine, request, emit, work)
        case RemoveModel(request_id, name):
            _remove(engine, name)
            emit(_models(engine, request_id))
        case _:
            assert_never(request)


def ready(engine: Engine, request_id: int) -> Ready:
    """What answers from now on, and what is amiss with it."""
    opened, notice = engine.language_models.opened, engine.language_models.notice
    if opened is None:
        return Ready(request_id, "", is_demonstration=False, notice=notice)
    speed, context_tokens = engine.language_models.speed, opened.model.context_tokens
    if opened.is_demonstration or engine.settings.answers.evidence_tokens:
        speed = None  # how much is read does not follow from it
    return Ready(
        request_id,
        opened.model.name,
        opened.is_demonstration,
        notice,
        context_tokens=context_tokens,
        host=opened.host,
        quick_s=reading_s(speed, is_thorough=False, context_tokens=context_tokens),
        thorough_s=reading_s(speed, is_thorough=True, context_tokens=context_tokens),
    )


@contextmanager
def loading_told(engine: Engine, request_id: int, emit: Emit, work: Work) -> Iterator[None]:
    """Inside, loading is told, of a model that was at rest too, and is stopped with the work."""
    with engine.language_models.told(
        lambda what: emit(Loading(request_id, what)),
        on_awake=lambda: emit(ready(engine, request_id)),
        is_stopped=work.is_stopped,
    ):
        yield


def _models(engine: Engine, request_id: int) -> Models:
    """The models here and those to be had, as they would run on this machine just now."""
    opened = engine.language_models.opened
    in_use = opened.model.name if opened and opened.path else ""
    machine = measured_machine(engine.settings, engine.models)
    return Models(request_id, *model_offers(engine.settings, engine.models, machine, in_use=in_use))


def _get(engine: Engine, request: GetModel, emit: Emit, work: Work) -> None:
    def tell(arrived: Arrived) -> None:
        done, total = arrived.done_bytes, arrived.total_bytes
        emit(Downloading(request.request_id, request.name, done, total, arrived.seconds_left))

    engine.models.get(
        request.name,
        source=model_source(engine.settings.downloads),
        on_progress=tell,
        is_stopped=work.is_stopped,
    )


def _use(engine: Engine, request: UseModel, emit: Emit, work: Work) -> None:
    with loading_told(engine, request.request_id, emit, work):
        engine.use_model(request.name)
    emit(ready(engine, request.request_id))


def _remove(engine: Engine, name: str) -> None:
    """Raises BadRequest where the model is needed."""
    opened = engine.language_models.opened
    if opened is not None and opened.path and name == opened.model.name:
        raise BadRequest(
            f"“{name}” answers your questions, so it is needed.",
            remedy="Use another model first.",
        )
    if name in (engine.embedder_choice.in_use, engine.embedder_choice.wanted):
        raise BadRequest(
            f"The library is searched with “{name}”, so it is needed.",
            remedy="Change to another embedder first, with `deskbook models use`.",
        )
    engine.models.remove(name)
