"""The sample documents that come with the program, and the questions to try on them."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable
from pathlib import Path

from app.settings import ASSETS

log = logging.getLogger(__name__)

SAMPLES = ASSETS / "samples"
QUESTIONS = ASSETS / "sample_questions.json"


def sample_documents(folder: Path = SAMPLES) -> tuple[Path, ...]:
    """The sample files to add; empty where none came with the program."""
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(path for path in folder.iterdir() if path.suffix in (".pdf", ".md", ".txt"))
    )


def sample_questions(file: Path = QUESTIONS) -> tuple[str, ...]:
    """The questions to try; empty where there are none or they cannot be read."""
    try:
        questions = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        log.info("no sample questions: %s", type(error).__name__)
        return ()
    return tuple(question for question in questions if isinstance(question, str))


def holds_samples(paths: Iterable[str], folder: Path = SAMPLES) -> bool:
    """Whether any of the paths lies in the samples' folder."""
    inside = str(folder) + os.sep
    return any(path.startswith(inside) for path in paths)
