"""The models for these settings: Deskbook's own, and those that other programs keep here."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.settings import ASSETS, DownloadSettings, Settings
from rag.models import Catalogue, Elsewhere, ModelStore, Source


def model_store(settings: Settings) -> ModelStore:
    """The models installed for these settings, and those found in other programs' folders."""
    elsewhere = Elsewhere(Path.home(), os.environ, sys.platform)
    catalogue = Catalogue.read(ASSETS / "models.toml")
    return ModelStore(settings.paths.models, catalogue, elsewhere=elsewhere)


def model_source(settings: DownloadSettings) -> Source:
    """Where models are fetched from."""
    return Source(settings.hub, settings.proxy)
