"""Installed embedders as the engine opens them: on all cores, with Deskbook's own graphs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.settings import ASSETS, Paths
from rag.embedding import Embedder, open_embedder
from rag.hardware import physical_cores
from rag.models import InstalledEmbedder
from rag.torch_process import TorchProcess


@dataclass(frozen=True, slots=True)
class OpenedEmbedder:
    """An embedder that can be loaded, and the languages that it knows."""

    embedder: Embedder
    languages: tuple[str, ...]  # ISO 639-1; empty where it knows all


def open_installed(
    installed: InstalledEmbedder, paths: Paths, torch: TorchProcess
) -> OpenedEmbedder:
    """The embedder, not loaded yet; it computes in the process `torch` if it needs torch.

    Raises ModelMissing, ModelUnusable.
    """
    embedder = open_embedder(
        installed.folder,
        name=installed.name,
        threads=physical_cores(),
        graphs=ASSETS / "embedders",
        notes=measured_in(paths),
        question_prefix=installed.question_prefix,
        passage_prefix=installed.passage_prefix,
        torch=torch,
    )
    return OpenedEmbedder(embedder, installed.languages)


def measured_in(paths: Paths) -> Path:
    """The folder of what was measured of embedders on this machine."""
    return paths.models / "measured"
