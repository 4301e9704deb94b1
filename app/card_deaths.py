"""How often in a row the engine has crashed while a model lay on a graphics card.

A device that is lost ends the process, which no `except` sees: the engine leaves a file while it
uses a card, and the door, which sees how it ended, counts in it. An end by the system, as when the
computer is shut down, counts for nothing.
"""

from __future__ import annotations

from contextlib import suppress

from app.settings import Paths

TOO_MANY = 2  # one crash may have had another cause


def note_in_use(paths: Paths) -> None:
    """A model lies on a card from now on."""
    _write(paths, deaths(paths))


def note_crash(paths: Paths) -> None:
    """The engine has crashed; it counts where a card was in use."""
    if paths.card_in_use.exists():
        _write(paths, deaths(paths) + 1)


def note_at_rest(paths: Paths) -> None:
    """The engine ends as it should: what was counted is forgotten."""
    with suppress(OSError):
        paths.card_in_use.unlink(missing_ok=True)


def deaths(paths: Paths) -> int:
    """The crashes since the last good end."""
    try:
        return int(paths.card_in_use.read_text("utf-8"))
    except (OSError, ValueError):
        return 0


def _write(paths: Paths, count: int) -> None:
    with suppress(OSError):  # then the next crash is not counted, and that is all
        paths.card_in_use.write_text(str(count), "utf-8")
