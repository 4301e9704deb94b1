"""Questions carried out: searched and answered, each step told as it comes.

Where a model that was at rest cannot be loaded again, the answer is a quotation, and the next
question tries it anew.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from app.engine import Engine
from app.messages import Answered, Ask, Event, Found, Quoted, Ready, Search, Words
from app.modelling import loading_told, ready
from rag.answering import Answering, Step
from rag.errors import ModelError, Stopped
from rag.scheduler import Work
from rag.types import Answer, Mode, Quotation, Retrieval

log = logging.getLogger(__name__)

Emit = Callable[[Event], None]


def search(engine: Engine, request: Search, emit: Emit) -> None:
    """Find the passages for a question. Raises BadRequest."""
    with engine.scheduler.question():
        found = engine.retriever.retrieve(
            request.question, limit=request.limit, scope=request.scope
        )
    emit(Found(request.request_id, found.passages, found.evidence, found.seconds))


def ask(engine: Engine, request: Ask, emit: Emit, work: Work) -> None:
    """Answer a question. Raises DeskbookError and Stopped."""
    request_id = request.request_id
    with engine.scheduler.question(), loading_told(engine, request_id, emit, work):
        answering = engine.answering
        try:
            _answer(answering, request, emit, work)
            if engine.misses_server:
                _look_for_server(engine, request_id, emit)
        except ModelError as error:
            if engine.language_models.is_awake or request.mode is Mode.ASSISTANT:
                raise
            log.warning("the model cannot be loaded again: %s", type(error).__name__)
            _answer(engine.quoting, request, emit, work)
            emit(_quoting_for(error, engine, request_id))


def _look_for_server(engine: Engine, request_id: int, emit: Emit) -> None:
    """The server that did not answer may do so by now: the next question is then its."""
    try:
        engine.open_model()
    except ModelError as error:
        log.info("the server is still away: %s", type(error).__name__)
        emit(_quoting_for(error, engine, request_id))
    else:
        emit(ready(engine, request_id))


def _quoting_for(error: ModelError, engine: Engine, request_id: int) -> Ready:
    notice = f"{error} Until then answers are quotations."
    return replace(ready(engine, request_id), notice=notice)


def _answer(answering: Answering, request: Ask, emit: Emit, work: Work) -> None:
    steps = answering.answer(
        request.question,
        mode=request.mode,
        scope=request.scope,
        history=request.history,
        is_thorough=request.is_thorough,
        is_stopped=work.is_stopped,
    )
    for step in steps:
        if work.is_stopped() and isinstance(step, Retrieval | Quotation):
            raise Stopped  # later the model stops by itself, and what it said by then is told
        emit(_told(step, request.request_id))


def _told(step: Step, request_id: int) -> Event:
    match step:
        case Retrieval():
            return Found(request_id, step.passages, step.evidence, step.seconds)
        case Quotation():
            return Quoted(request_id, step)
        case str():
            return Words(request_id, step)
        case Answer():
            return Answered(request_id, step)
        case _:
            assert_never(step)
