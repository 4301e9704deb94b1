"""A stop that is heard while a server is silent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

LISTEN_S = 0.2


@contextmanager
def stop_heard(response: httpx.Response, is_stopped: Callable[[], bool]) -> Iterator[None]:
    """Inside, a stop ends the wait for a byte: the connection is shut under the read."""
    connection = response.extensions["network_stream"].get_extra_info("socket")
    is_over = threading.Event()

    def listen() -> None:
        while not is_over.wait(LISTEN_S):
            if is_stopped():
                # `socket`'s own: TLS's would first take the connection apart for the reader
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
                return

    listener = threading.Thread(target=listen, name="stop-listener", daemon=True)
    listener.start()
    try:
        yield
    finally:
        is_over.set()
        listener.join()
