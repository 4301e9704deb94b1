"""Messages cross as they are; what comes from another build is refused before it is read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import channel
from app.messages import AddPaths, Ask, Failed, Found, Words
from rag.types import EVERYWHERE, FoundPassage, Kind, Mode, PageRef, Passage, Span, Turn


@pytest.fixture
def ends() -> Iterator[tuple[Connection, Connection]]:
    ours, theirs = Pipe()
    with ours, theirs:
        yield ours, theirs


@given(text=st.text(), number=st.integers())
def test_a_message_arrives_as_it_was_sent(text: str, number: int) -> None:
    passage = Passage(Span(2, 5), text, (text,), (PageRef(4, "iv"),))
    found = FoundPassage(1, 0.5, 0.4, 1.0, number, "d", "/p", text, Kind.PDF, passage, marks=())
    ours, theirs = Pipe()
    with ours, theirs:
        for message in (
            Ask(number, text, Mode.DOCUMENTS, EVERYWHERE, (Turn(text, text),)),
            AddPaths(number, (text, text), text),
            Words(number, text),
            Failed(number, text, text),
            Found(number, (found,), 0.75, 0.1),
        ):
            channel.send(ours, message)
            assert channel.receive(theirs) == message


def test_another_protocol_is_refused_before_its_message_is_read(
    ends: tuple[Connection, Connection],
) -> None:
    ours, theirs = ends
    ours.send_bytes((channel.PROTOCOL + 1).to_bytes(2) + b"no pickle at all")
    with pytest.raises(OSError, match=f"protocol {channel.PROTOCOL + 1}, this"):
        channel.receive(theirs)


def test_a_hang_up_wakes_who_waits(ends: tuple[Connection, Connection]) -> None:
    ours, theirs = ends
    threading.Timer(0.05, channel.hang_up, [ours]).start()
    with pytest.raises(EOFError):
        channel.receive(theirs)


def test_hanging_up_on_nobody_is_no_failure(ends: tuple[Connection, Connection]) -> None:
    ours, theirs = ends
    theirs.close()
    channel.hang_up(ours)
    with pytest.raises((EOFError, OSError)):
        channel.receive(ours)
