"""Which certificates prove to us that a server is the one it says it is."""

from __future__ import annotations

import ssl


def trusted() -> ssl.SSLContext:
    """The system's certificates, which hold a company's own, and those that httpx brings."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
