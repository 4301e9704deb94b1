"""The address of a server that answers: made whole, and whether it is on this machine.

Nothing here connects to anything.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from rag.errors import ModelUnusable

SCHEMES = ("http", "https")
API = "/v1"  # where servers that speak OpenAI's protocol have it


def complete_address(address: str) -> str:
    """The address with its scheme and path: "localhost:8080" becomes "http://localhost:8080/v1".

    Raises ModelUnusable where it is no address of a server.
    """
    parts = _parts(address)
    if parts is None:
        raise ModelUnusable(
            f"“{address}” is no address of a server.",
            remedy="Write one like http://localhost:8080/v1 as `address` under [server] in the "
            "settings, or leave it empty for the model on this machine.",
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/') or API}"


def is_on_this_machine(address: str) -> bool:
    """Whether what is sent to this address stays on this machine, whatever a name server says."""
    parts = _parts(address)
    host = (parts.hostname or "").rstrip(".") if parts else ""
    if host == "localhost" or host.endswith(".localhost"):  # kept for loopback: RFC 6761, 6.3
        return True
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(number, "ipv4_mapped", None)
    return (mapped or number).is_loopback


def notice_of(address: str) -> str:
    """What the person must know of a server elsewhere; empty for one on this machine, or none."""
    parts = _parts(address)
    if parts is None or is_on_this_machine(address):
        return ""
    open_way = "" if parts.scheme == "https" else " Others on the way can read them."
    return f"Your questions and the passages found go to {parts.hostname}.{open_way}"


def _parts(address: str) -> SplitResult | None:
    """The address taken apart; nothing where it names no server."""
    address = address.strip()
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        has_port = parts.port is None or parts.port > 0  # reading it checks it
    except ValueError:
        return None
    is_clean = not (parts.username or parts.password or parts.query or parts.fragment)
    names_server = bool(parts.hostname) and not any(map(str.isspace, address))
    return parts if parts.scheme in SCHEMES and names_server and has_port and is_clean else None
