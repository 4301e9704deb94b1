"""What the model has read in the window's conversations lies on the disk, and goes when it must."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.messages import Answered, Ask, Done, ListDocuments, RemoveDocuments
from rag.generation.state_folder import StateFolder
from rag.types import EVERYWHERE, Answer, Mode, Turn

QUESTION = "How long do the batteries of the outdoor sensor last?"


def conversations(data: Path) -> list[Any]:
    return [state for state in StateFolder(data / "states") if not state.is_lasting]


def ask(request: int) -> Ask:
    return Ask(request, QUESTION, Mode.DOCUMENTS, EVERYWHERE, ())


def answered(engine: Any, question: str, *history: Turn) -> Answer:
    events = engine.ask(lambda request: Ask(request, question, Mode.DOCUMENTS, EVERYWHERE, history))
    (found,) = (event.answer for event in events if isinstance(event, Answered))
    assert isinstance(found, Answer)
    return found


def test_a_conversation_is_on_the_disk_once_the_window_was_closed(own_engine: Any) -> None:
    assert own_engine.ask(ask)[-1] == Done(1)
    own_engine.door.close()
    (state,) = conversations(own_engine.data)
    assert stat.S_IMODE(state.path.stat().st_mode) == 0o600


def test_yesterdays_conversation_is_not_read_again(
    own_samples: Any, engine_on: Callable[[Path], Any]
) -> None:
    with engine_on(own_samples.data) as engine:
        first = answered(engine, QUESTION)
    with engine_on(own_samples.data) as engine:
        second = answered(engine, "And which batteries are they?", first.turn)
    assert second.tokens.cached > 0.95 * first.tokens.prompt


def test_with_a_document_goes_what_was_read_of_it(own_engine: Any) -> None:
    own_engine.ask(ask)
    (listed, _) = own_engine.ask(lambda request: ListDocuments(request, ""))
    documents = tuple(document.document for document in listed.documents)
    own_engine.ask(lambda request: RemoveDocuments(request, documents))
    own_engine.door.close()
    assert not conversations(own_engine.data)


def test_a_question_in_the_terminal_is_gone_on_with_by_nobody(own_samples: Any) -> None:
    assert own_samples("ask", QUESTION).code == 0
    assert not conversations(own_samples.data)
