"""The way to an OpenAI-compatible server: requests, and a stream that can be left at any moment.

What httpx raises is turned into ours here; what a server refuses, in `server_refusals`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rag.certificates import trusted
from rag.errors import Stopped
from rag.generation.server_address import is_on_this_machine
from rag.generation.server_events import Lines, NotUnderstood, Written, parse, read_event
from rag.generation.server_refusals import Refusals

if TYPE_CHECKING:
    import httpx

ASK_EVERY_S = 0.05  # whether to stop
CONNECT_S, REPLY_S = 5.0, 30.0  # to be there, and to answer what takes no thinking
LONGEST_REPLY_BYTES = 1 << 22  # a list of models has a few hundred kilobytes at most


class ServerClient:
    """One server, its key, and how long it may say nothing."""

    def __init__(self, address: str, *, key: str, silence_s: float) -> None:
        """`address` is complete (see `server_address`). Nothing is sent yet."""
        self._address = address
        self._key = key.strip()
        self._silence_s = silence_s
        # Reading the certificates takes a tenth of a second: once, and not where none is needed.
        self._certificates = trusted() if address.startswith("https:") else False
        self._refusals = Refusals(address)

    def get(self, path: str) -> Mapping[str, object]:
        """The JSON object at this path below the server's address. Raises ModelError."""
        import httpx

        received = b""
        with (
            self._told(REPLY_S),
            httpx.Client(**self._options(REPLY_S)) as client,
            client.stream("GET", self._address + path) as response,
        ):
            for part in response.iter_bytes():
                received += part
                if len(received) > LONGEST_REPLY_BYTES:
                    raise NotUnderstood("too long a reply")
            if response.status_code != 200:
                raise self._refusals.of(response.status_code, received)
            return parse(received)

    def events(
        self, path: str, body: Mapping[str, object], *, is_stopped: Callable[[], bool]
    ) -> Iterator[Written]:
        """What the server sends while it writes, up to the end of the answer.

        Raises ModelError, and Stopped within about 0.1 s of `is_stopped` saying so, whether the
        server was looked for, reading or writing: it then finds the connection closed.
        """
        # By asyncio, whose waits can all be given up: a thread's, in a socket, cannot.
        loop = asyncio.new_event_loop()
        received, lines, is_whole = self._received(path, body), Lines(), False
        try:
            with self._told(self._silence_s):
                while (part := _next(loop, received, is_stopped)) is not None:
                    for event in filter(None, map(read_event, lines.of(part))):
                        is_whole |= event.is_last
                        if event.error:
                            raise self._refusals.in_answer(event.error)
                        yield event
                if not is_whole:
                    raise self._refusals.early_end()
        finally:
            loop.run_until_complete(received.aclose())
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    async def _received(self, path: str, body: Mapping[str, object]) -> AsyncGenerator[bytes, None]:
        import httpx

        async with (
            httpx.AsyncClient(**self._options(self._silence_s)) as client,
            client.stream("POST", self._address + path, json=body) as response,
        ):
            kind = response.headers.get("content-type", "")
            if response.status_code != 200 or not kind.startswith("text/event-stream"):
                raise self._refusals.of(response.status_code, await _beginning(response))
            async for part in response.aiter_bytes():
                yield part

    def _options(self, silence_s: float) -> dict[str, Any]:
        """Of httpx: the system's proxies are for servers elsewhere alone."""
        import httpx

        return {
            "headers": {"Authorization": f"Bearer {self._key}".encode()} if self._key else {},
            "verify": self._certificates,
            "timeout": httpx.Timeout(silence_s, connect=CONNECT_S),
            "trust_env": not is_on_this_machine(self._address),
        }

    @contextmanager
    def _told(self, silence_s: float) -> Iterator[None]:
        import httpx

        try:
            yield
        except NotUnderstood as error:
            raise self._refusals.nonsense(error) from error
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise self._refusals.nobody(error) from error
        except httpx.TimeoutException as error:
            raise self._refusals.silence(silence_s) from error
        except (httpx.ReadError, httpx.RemoteProtocolError) as error:
            raise self._refusals.early_end() from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._refusals.nobody(error) from error


def _next(
    loop: asyncio.AbstractEventLoop,
    received: AsyncGenerator[bytes, None],
    is_stopped: Callable[[], bool],
) -> bytes | None:
    """What comes next, or nothing at the end. Raises Stopped."""
    task = loop.create_task(_first(received))
    try:
        while not is_stopped():
            if loop.run_until_complete(asyncio.wait({task}, timeout=ASK_EVERY_S))[0]:
                return task.result()
    finally:
        if task.cancel():
            loop.run_until_complete(asyncio.wait({task}))
    raise Stopped


async def _first(received: AsyncGenerator[bytes, None]) -> bytes | None:
    return await anext(received, None)


async def _beginning(response: httpx.Response) -> bytes:
    """As much of a reply as a sentence can be made of."""
    received = b""
    async for part in response.aiter_bytes():
        received += part
        if len(received) > LONGEST_REPLY_BYTES:
            break
    return received
