"""How fast the models here are on this machine, as far as it was measured."""

from __future__ import annotations

from pathlib import Path

from app.settings import Paths
from rag.generation.speed import Speed
from rag.generation.speeds import Speeds
from rag.hardware import Machine


class ModelSpeeds:
    """Speeds by the models' files, kept from one start to the next."""

    def __init__(self, paths: Paths) -> None:
        """Those of one library's folder."""
        self._speeds = Speeds(paths.speeds)

    def of(self, path: Path, machine: Machine) -> Speed | None:
        """The speed of the model in this file; None where it was not measured on this machine."""
        return self._speeds.of(model_key(path), machine.fingerprint)

    def keep(self, path: Path, machine: Machine, speed: Speed) -> None:
        """It was measured; where the disk refuses, it will be again."""
        self._speeds.keep(model_key(path), machine.fingerprint, speed)


def model_key(path: Path) -> str:
    """The same for a file that is moved or copied, another for a model that takes its place."""
    return f"{path.name} {path.stat().st_size}"
