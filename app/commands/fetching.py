"""How far a download has come, for whoever reads the terminal."""

from __future__ import annotations

import json
import math

from app.commands.terminal import Terminal
from rag.models import Arrived


class Progress:
    """Tells each percent once: a sentence, or with `--json` an object, both on standard error."""

    def __init__(self, terminal: Terminal, name: str) -> None:
        self._terminal = terminal
        self._name = name
        self._shown = -1

    def show(self, arrived: Arrived) -> None:
        """So much of the model is here."""
        percent = 100 * arrived.done_bytes // max(1, arrived.total_bytes)
        if percent == self._shown and math.isfinite(arrived.seconds_left):
            return
        self._shown = percent
        self._terminal.say(self._json(arrived) if self._terminal.is_json else _sentence(arrived))

    def _json(self, arrived: Arrived) -> str:
        left = arrived.seconds_left
        return json.dumps(
            {
                "name": self._name,
                "done_bytes": arrived.done_bytes,
                "total_bytes": arrived.total_bytes,
                "seconds_left": round(left, 1) if math.isfinite(left) else None,
            }
        )


def _sentence(arrived: Arrived) -> str:
    percent = 100 * arrived.done_bytes // max(1, arrived.total_bytes)
    said = f"{percent} % of {arrived.total_bytes / 1e9:.2f} GB"
    if math.isinf(arrived.seconds_left):
        return f"{said}, waiting for the server"
    if not arrived.seconds_left:
        return said
    return f"{said}, {time_left(arrived.seconds_left)} left"


def time_left(seconds: float) -> str:
    """A time to wait, for a person: seconds below two minutes, minutes above."""
    return f"{round(seconds)} s" if seconds < 120 else f"{round(seconds / 60)} min"
