"""The models there are and the models that are here: found, fetched and judged, never loaded."""

from rag.models.catalogue import Catalogue, CatalogueEntry, ModelKind
from rag.models.connections import Source
from rag.models.fetching import Arrived
from rag.models.installed import InstalledEmbedder, InstalledModel
from rag.models.program_folders import Elsewhere
from rag.models.store import ModelStore

__all__ = [
    "Arrived",
    "Catalogue",
    "CatalogueEntry",
    "Elsewhere",
    "InstalledEmbedder",
    "InstalledModel",
    "ModelKind",
    "ModelStore",
    "Source",
]
