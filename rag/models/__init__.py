"""The models there are and the models that are here: found, fetched and judged, never loaded."""

from rag.models.catalogue import Catalogue, CatalogueEntry, ModelKind
from rag.models.store import InstalledEmbedder, InstalledModel, ModelStore

__all__ = [
    "Catalogue",
    "CatalogueEntry",
    "InstalledEmbedder",
    "InstalledModel",
    "ModelKind",
    "ModelStore",
]
