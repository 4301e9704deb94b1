"""Connections to the hub that models come from: the proxy, what is asked of a server, and the
failures of both in sentences. What is done with the bytes is `rag.models.downloads`' to say.

httpx is imported where a connection is made: it takes an eighth of a second, and most starts of
the program make none.
"""

from __future__ import annotations

import email.utils
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from rag.errors import BadRequest, DownloadFailed, Stopped

if TYPE_CHECKING:
    import httpx

HEADERS = {"User-Agent": "Deskbook", "Accept-Encoding": "identity"}
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
MOST_WAIT_S = 120.0  # a server that wants longer is told as busy
PASSING = {408, 425, 429, 500, 502, 503, 504}
MOST_REDIRECTS = 5

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Source:
    """Where models are fetched from, and how patiently."""

    hub: str  # its address: https://huggingface.co, or one that speaks as it does
    proxy: str = ""  # http://user:password@host:port; empty for the system's own
    pauses_s: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 16.0)  # between tries that bring nothing
    timeout_s: float = 30.0  # without a byte


class Passing(Exception):
    """A failure of the moment, worth another try; `told` is what to say when none succeeds."""

    def __init__(self, told: DownloadFailed, *, wait_s: float = 0.0) -> None:
        super().__init__(str(told))
        self.told = told
        self.wait_s = wait_s  # the server asked for so long a pause


class Unreachable(DownloadFailed):
    """There is no way to the server: no network, or an address that is none."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a server says of a file."""

    size_bytes: int  # 0 where it does not say
    sha256: str  # empty where it does not say
    version: str  # changes with the file; empty where it does not say

    @classmethod
    def of(cls, response: httpx.Response) -> Published:
        """From an answer and the redirects before it: a hub names size and checksum in these."""
        linked = [r.headers for r in [*response.history, response] if "X-Linked-Etag" in r.headers]
        headers = linked[0] if linked else response.headers
        tag = headers.get("X-Linked-Etag") or headers.get("ETag", "")
        bare = tag.removeprefix("W/").strip('"')
        return cls(
            size_bytes=_size(headers, response),
            sha256=bare if SHA256.fullmatch(bare) else "",
            version=bare or headers.get("Last-Modified", ""),
        )


def _size(headers: httpx.Headers, response: httpx.Response) -> int:
    """The whole file's, also where the answer holds its end alone."""
    _, _, whole = response.headers.get("Content-Range", "").rpartition("/")
    said = headers.get("X-Linked-Size") or whole or response.headers.get("Content-Length", "")
    return int(said) if said.isdecimal() else 0


@contextmanager
def connected(source: Source) -> Iterator[httpx.Client]:
    """A client that goes through the proxy. Raises BadRequest where that cannot be."""
    import httpx

    timeout = httpx.Timeout(source.timeout_s, connect=min(15.0, source.timeout_s))
    try:
        client = httpx.Client(
            proxy=source.proxy or None,
            verify=_trusted(),
            timeout=timeout,
            headers=HEADERS,
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise BadRequest(
            "The proxy for downloads is not one that Deskbook can go through.",
            remedy="Write it as http://user:password@host:port, as `proxy` under [downloads] in "
            "the settings.",
        ) from error
    with client:
        yield client


def _trusted() -> ssl.SSLContext:
    """The system's certificates, which hold a company's own, and those that httpx brings."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def look(client: httpx.Client, url: str, *, name: str, source: Source) -> Published:
    """What the server says of a file, asked without fetching it. Raises as `asking` does.

    A hub tells size and checksum in its redirect, so that is not followed further.
    """
    with asking(name, source):
        response = client.head(url)
        for _ in range(MOST_REDIRECTS):
            if "X-Linked-Size" in response.headers:
                return Published.of(response)
            if response.next_request is None:
                break
            response = client.send(response.next_request)
        if response.status_code in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED):
            return Published(0, "", "")
        check_status(response, name=name, source=source)
        return Published.of(response)


@contextmanager
def asking(name: str, source: Source) -> Iterator[None]:
    """Turns httpx's exceptions into ours: Passing, Unreachable, and DownloadFailed."""
    import httpx

    try:
        yield
    except httpx.ProxyError as error:
        refuses = "407" in str(error)
        raise (_proxy_refuses(source) if refuses else _unreachable(name, source)) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise BadRequest(
            f"The address of the hub, “{source.hub}”, makes no sense.",
            remedy="Mend `hub` under [downloads] in the settings, or take it out.",
        ) from error
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        if isinstance(error.__cause__ or error, ssl.SSLError) or "CERTIFICATE" in str(error):
            raise _untrusted(source) from error
        raise _unreachable(name, source) from error
    except httpx.TimeoutException as error:
        raise Passing(_silent(name, source)) from error
    except httpx.HTTPError as error:
        raise Passing(_broken(name)) from error


def check_status(response: httpx.Response, *, name: str, source: Source) -> None:
    """Raises where the server refuses: Passing where another try may help."""
    status = response.status_code
    if response.is_success or status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        raise _proxy_refuses(source)
    told = DownloadFailed(
        f"The server refused “{name}”: {status} {response.reason_phrase}.".replace(" .", "."),
        remedy=_remedy_of(status),
    )
    if status not in PASSING:
        raise told
    wait_s = _wait_s(response)
    if wait_s > MOST_WAIT_S:
        raise told
    raise Passing(told, wait_s=wait_s)


def _remedy_of(status: int) -> str:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return (
            "It is given only to people who are known there: download it with a browser, then "
            "take it over with “deskbook models import FILE”."
        )
    if status in PASSING:
        return "Try again later: it goes on from where it was."
    return "Try again later; if it stays so, the file has moved."


def _wait_s(response: httpx.Response) -> float:
    """The pause that a server asks for, as seconds or as a date; 0 where it asks for none."""
    asked = response.headers.get("Retry-After", "")
    if asked.isdecimal():
        return float(asked)
    try:
        until = email.utils.parsedate_to_datetime(asked)
    except ValueError:
        return 0.0
    return max(0.0, until.timestamp() - time.time())


def persistently(
    step: Callable[[], Found],
    *,
    source: Source,
    is_stopped: Callable[[], bool],
    has_moved: Callable[[], bool] = lambda: False,
) -> Found:
    """Do the step, and again after growing pauses while its failure is passing.

    The pauses begin anew when `has_moved` says that the last try got further. Raises Stopped.
    """
    tries = 0
    while True:
        try:
            return step()
        except Passing as failure:
            if is_stopped():
                raise Stopped from failure
            tries = 0 if has_moved() else tries
            if tries == len(source.pauses_s):
                raise failure.told from failure
            wait(max(source.pauses_s[tries], failure.wait_s), is_stopped)
            tries += 1


def wait(seconds: float, is_stopped: Callable[[], bool]) -> None:
    """Wait, unless stopped meanwhile. Raises Stopped."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if is_stopped():
            raise Stopped
        time.sleep(min(0.1, left))


# --- sentences ----------------------------------------------------------------------------------


def _unreachable(name: str, source: Source) -> Unreachable:
    place = "the proxy" if source.proxy else urlsplit(source.hub).hostname
    return Unreachable(
        f"“{name}” could not be downloaded: {place} cannot be reached.",
        remedy="Check the network and, where you need one, `proxy` under [downloads] in the "
        "settings. Without a network, “deskbook models import FILE” takes a model that you have; "
        "answers are quoted from your documents meanwhile.",
    )


def _untrusted(source: Source) -> DownloadFailed:
    return DownloadFailed(
        f"{urlsplit(source.hub).hostname} cannot prove that it is what it says it is.",
        remedy="Check the computer's clock; in a company, ask for its certificate to be installed.",
    )


def _proxy_refuses(source: Source) -> DownloadFailed:
    has_password = "@" in source.proxy
    return DownloadFailed(
        "The proxy refused the name and the password that it was given."
        if has_password
        else "The proxy wants a name and a password.",
        remedy="Write them into `proxy` under [downloads] in the settings, as "
        "http://user:password@host:port.",
    )


def _silent(name: str, source: Source) -> DownloadFailed:
    return DownloadFailed(
        f"The server sent nothing of “{name}” for {source.timeout_s:.0f} seconds.",
        remedy="Start it again later: it goes on from there.",
    )


def _broken(name: str) -> DownloadFailed:
    return DownloadFailed(
        f"The download of “{name}” broke off.",
        remedy="Check the network and start it again: it goes on from there.",
    )
