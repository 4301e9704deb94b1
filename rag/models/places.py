"""Models that were taken over where they lie: their places, in a file in the models folder."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

VERSION = 1


@dataclass(frozen=True, slots=True)
class Places:
    """The places by the models' names, in a JSON file that is made when needed."""

    file: Path

    def read(self) -> dict[str, Path]:
        """Each name and its place, which may be gone. What cannot be read is logged and none."""
        try:
            known = json.loads(self.file.read_text("utf-8"))
            return {name: Path(place) for name, place in known["places"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            log.warning("the places of models cannot be read", exc_info=True)
            return {}

    def remember(self, name: str, place: Path) -> None:
        """From now on the model of that name is there. Raises OSError."""
        self._write(self.read() | {name: place})

    def forget(self, name: str) -> None:
        """The model of that name is no longer ours to use. Raises OSError."""
        self._write({key: place for key, place in self.read().items() if key != name})

    def _write(self, places: dict[str, Path]) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        table = {"version": VERSION, "places": {name: str(p) for name, p in places.items()}}
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(table, indent=2, ensure_ascii=False), "utf-8")
        new.replace(self.file)
