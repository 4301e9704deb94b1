"""Connections to the hub that models come from: the proxy, what is asked of a server, and the
failures of both in sentences. What is done with the bytes is `rag.models.downloads`' to say.

httpx is imported where a connection is made: it takes an eighth of a second, and most starts of
the program make none.
"""

from __future__ import annotations

import email.utils
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.certificates import trusted
from rag.errors import BadRequest, DownloadFailed
from rag.models.published import Published
from rag.models.retrying import Passing

if TYPE_CHECKING:
    import httpx

HEADERS = {"User-Agent": "Deskbook", "Accept-Encoding": "identity"}
MOST_WAIT_S = 120.0  # a server that wants longer is told as busy
PASSING = {408, 425, 429, 500, 502, 503, 504}
MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Source:
    """Where models are fetched from, and how patiently."""

    hub: str  # its address: https://huggingface.co, or one that speaks as it does
    proxy: str = ""  # http://user:password@host:port; empty for the system's own
    pauses_s: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 16.0)  # between tries that bring nothing
    timeout_s: float = 30.0  # without a byte


class Unreachable(DownloadFailed):
    """There is no way to the server: no network, or an address that is none."""


@contextmanager
def connected(source: Source) -> Iterator[httpx.Client]:
    """A client that goes through the proxy. Raises BadRequest where that cannot be."""
    import httpx

    timeout = httpx.Timeout(source.timeout_s, connect=min(15.0, source.timeout_s))
    try:
        client = httpx.Client(
            proxy=source.proxy or None,
            verify=trusted(),
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
