"""Rerankers in folders as sentence-transformers keeps cross-encoders: what is one.

`config.json` names the network; one that ranks ends in a classification. The models themselves are
loaded by `rag.retrieval`; code that lies in a folder is never run.
"""

from __future__ import annotations

import json
from pathlib import Path

CONFIG = "config.json"
NEEDED = (CONFIG, "model.safetensors")
TOKENIZERS = ("tokenizer.json", "vocab.txt")  # either will do
RANKS = "ForSequenceClassification"


def is_reranker(folder: Path) -> bool:
    """Whether all that is needed of a reranker lies there."""
    has_files = all((folder / name).is_file() for name in NEEDED)
    return has_files and any((folder / name).is_file() for name in TOKENIZERS) and _ranks(folder)


def _ranks(folder: Path) -> bool:
    try:
        config = json.loads((folder / CONFIG).read_text("utf-8"))
        networks = config.get("architectures") or []
        return any(str(network).endswith(RANKS) for network in networks)
    except (OSError, ValueError, AttributeError, TypeError):
        return False
