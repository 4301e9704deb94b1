"""Which embedder a library has and which it is to have, in a small file beside the catalog.

The two differ while the library is embedded anew in the background.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

log = logging.getLogger(__name__)

STARTER = "minilm"


@dataclass(frozen=True, slots=True)
class EmbedderChoice:
    """Embedders by their names in the catalogue of models, or in the models folder."""

    in_use: str  # the library's vectors are its
    wanted: str

    @property
    def is_settled(self) -> bool:
        """Whether the library has the embedder that it is to have."""
        return self.in_use == self.wanted


def read_choice(path: Path, *, wish: str) -> EmbedderChoice:
    """What the file says; `wish`, the settings' own, goes before what it wants.

    Libraries from before there was a choice have the starter's vectors.
    """
    known = _read(path)
    in_use = known.get("in_use") or STARTER
    return EmbedderChoice(in_use, wanted=wish or known.get("wanted") or in_use)


def write_choice(path: Path, choice: EmbedderChoice) -> None:
    """Whole or not at all. Raises OSError."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(asdict(choice), indent=2), "utf-8")
    new.replace(path)


def _read(path: Path) -> dict[str, str]:
    try:
        known = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        log.warning("the choice of an embedder cannot be read", exc_info=True)
        return {}
    named = known.items() if isinstance(known, dict) else ()
    return {key: name for key, name in named if isinstance(name, str)}
