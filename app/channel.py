"""Messages as bytes and back: the one place that knows how they cross between the processes.

Both ends are the same build of the same program, so the messages are pickled as they are; they
hold plain values alone. The protocol number in front catches an engine left over from another
build, whose messages may not even be readable.
"""

from __future__ import annotations

import contextlib
import pickle
from multiprocessing.connection import Connection
from typing import TypeAlias, cast

from app.messages import Event, Request

PROTOCOL = 5
_PREFIX = PROTOCOL.to_bytes(2)

Message: TypeAlias = Request | Event


def send(connection: Connection, message: Message) -> None:
    """Send one message. Raises OSError where the other end is gone."""
    connection.send_bytes(_PREFIX + pickle.dumps(message))


def receive(connection: Connection) -> Message:
    """Wait for the next message. Raises EOFError or OSError where the other end is gone."""
    received = connection.recv_bytes()
    if not received:
        raise EOFError
    if not received.startswith(_PREFIX):
        found = int.from_bytes(received[: len(_PREFIX)])
        raise OSError(f"the other end speaks protocol {found}, this one {PROTOCOL}")
    return cast(Message, pickle.loads(received[len(_PREFIX) :]))


def hang_up(connection: Connection) -> None:
    """Tell the other end that nothing more will come: its `receive` raises EOFError.

    Closing our end would do as well, but not wake a thread of ours that waits on it.
    """
    with contextlib.suppress(OSError):
        connection.send_bytes(b"")
