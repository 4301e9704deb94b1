"""Passages and questions into vectors: one Protocol, two ways, and which of them runs here."""

from rag.embedding.choosing import open_embedder
from rag.embedding.embedder import Embedder, Vectors

__all__ = ["Embedder", "Vectors", "open_embedder"]
