"""What tests ask of torch's process: nothing that needs torch; some of it kills the process."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from rag.errors import ModelMissing


@dataclass(frozen=True, slots=True)
class Nothing:
    """A model that is its folder: what is done with it needs no torch."""

    folder: Path

    def open(self) -> Path:
        if self.folder.name == "missing":
            raise ModelMissing("There is none.", remedy="Get it.")
        return self.folder


def wait(folder: Path, seconds: float) -> str:
    time.sleep(seconds)
    return folder.name


def die(folder: Path) -> None:
    os._exit(9)


def die_once(folder: Path) -> str:
    if not (folder / "died").exists():
        (folder / "died").touch()
        psutil.Process().kill()
    return "done"


def fail(folder: Path) -> None:
    raise RuntimeError("out of memory")
