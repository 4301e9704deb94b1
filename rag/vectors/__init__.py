"""The vectors of all passages: kept by Chroma, and once more as a matrix for exact searches."""

from rag.vectors.store import VectorStore

__all__ = ["VectorStore"]
