"""The engine's start: the language model comes from the disk while the rest is imported.

What is imported here is what loading a model takes, and no more.
"""

from __future__ import annotations

import gc
from multiprocessing.connection import Connection

from app.language_models import LanguageModels
from app.libraries import prepare_libraries
from app.model_store import model_store
from app.settings import Settings


def serve(connection: Connection, settings: Settings) -> None:
    """Answer requests until the other end is gone; then the process exits."""
    prepare_libraries()
    language_models = LanguageModels(settings, model_store(settings))
    language_models.begin_opening()
    # Imported here and not above: half of the engine's start, which goes on beside the loading.
    from app import engine_loop

    gc.freeze()
    gc.enable()
    engine_loop.serve(connection, settings, language_models)
