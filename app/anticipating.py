"""Reading ahead for a question that is still being typed, where the person and the machine allow.

The engine's loop stops it for the next request; what was read by then stays.
"""

from __future__ import annotations

import psutil

from app.engine import Engine
from app.messages import Anticipate
from rag.scheduler import Work


def anticipate(engine: Engine, request: Anticipate, work: Work) -> None:
    """Let the model read what the question will need. Raises Stopped and DeskbookError.

    Never on battery: most of what is read for words that change again would be for nothing. Nor
    where a server answers, which is told nothing before the question is asked.
    """
    settings = engine.settings
    if settings.server.address or not settings.answers.reads_ahead or _is_on_battery():
        return
    with engine.scheduler.question():
        engine.answering.anticipate(
            request.question,
            mode=request.mode,
            scope=request.scope,
            history=request.history,
            is_thorough=request.is_thorough,
            is_stopped=work.is_stopped,
        )


def _is_on_battery() -> bool:
    """Also on systems whose Python cannot tell: then it is not."""
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    return battery is not None and battery.power_plugged is False
