"""Which language model the person has chosen, in a small file beside the catalog.

What the settings name goes before it; that is `app.language_models`' affair.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

log = logging.getLogger(__name__)


def read_model_choice(path: Path) -> str:
    """The name of the chosen model; empty where none was chosen, or the file is damaged."""
    try:
        known = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return ""
    except (OSError, ValueError):
        log.warning("the choice of a language model cannot be read", exc_info=True)
        return ""
    name = known.get("model") if isinstance(known, dict) else None
    return name if isinstance(name, str) else ""


def write_model_choice(path: Path, name: str) -> None:
    """Whole or not at all. Raises OSError."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps({"model": name}, indent=2), "utf-8")
    new.replace(path)
