"""The speeds that were measured, kept on disk by model and by machine.

A file that is damaged, or of a later version, holds nothing: what is missing is measured again.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rag.generation.speed import Speed

log = logging.getLogger(__name__)

VERSION = 1


class Speeds:
    """How fast models were on machines: a library may lie on a disk that goes from one to another.

    Keys are fingerprints: of a model's file, and `Machine.fingerprint`.
    """

    def __init__(self, path: Path) -> None:
        """`path` is the file, made when there is something to keep."""
        self._path = path

    def of(self, model_key: str, machine_key: str) -> Speed | None:
        """What was measured last, if anything was."""
        return _speed(self._read().get(machine_key, {}).get(model_key))

    def on(self, machine_key: str) -> dict[str, Speed]:
        """All that was measured on this machine, by model."""
        found = ((key, _speed(value)) for key, value in self._read().get(machine_key, {}).items())
        return {key: speed for key, speed in found if speed is not None}

    def keep(self, model_key: str, machine_key: str, speed: Speed) -> None:
        """Keep a measurement in place of the one before. A disk that refuses is only logged."""
        machines = self._read()
        machines.setdefault(machine_key, {})[model_key] = asdict(speed)
        part = self._path.with_name(self._path.name + ".part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("w", encoding="utf-8") as file:
                json.dump({"version": VERSION, "machines": machines}, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        except OSError:
            log.warning("a measured speed cannot be kept", exc_info=True)
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            machines = content["machines"] if content["version"] == VERSION else {}
            return {key: dict(models) for key, models in machines.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            log.warning("the file of measured speeds cannot be read and is begun anew")
            return {}


def _speed(value: object) -> Speed | None:
    """The speed that was kept; None for what is none."""
    try:
        speed = Speed(**{name: float(number) for name, number in dict(value).items()})  # type: ignore[call-overload]
    except (TypeError, ValueError):
        return None
    is_sound = all(0 < number < math.inf for number in asdict(speed).values())
    return speed if is_sound else None
