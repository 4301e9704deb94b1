"""About how much memory a language model takes, told from little: before it is downloaded from the
catalogue, after that from the beginning of its file. `rag.generation.fit` knows better what it
takes on a machine, from all of its header.
"""

from __future__ import annotations

from rag.models.catalogue import CatalogueEntry
from rag.models.glance import glance_at
from rag.models.installed import InstalledModel

KEY_AND_VALUE = 2
BLOCK_VALUES, BLOCK_BYTES = 32, 34  # of q8_0, in which the KV cache is kept
COMPUTING_BYTES = 200_000_000  # what a batch takes while it is computed, roughly


def memory_bytes(model: CatalogueEntry | InstalledModel, context_tokens: int) -> int:
    """What a language model takes with a context, or with its longest where that is shorter."""
    known = model if isinstance(model, CatalogueEntry) else model.entry
    if known is not None:
        layers, values = known.layers, known.kv_heads * known.head_width
        longest = known.context_tokens
    else:
        assert isinstance(model, InstalledModel)
        layers, values, longest = _from_file(model)
    tokens = min(context_tokens, longest or context_tokens)
    cache = tokens * layers * KEY_AND_VALUE * values * BLOCK_BYTES // BLOCK_VALUES
    return model.size_bytes + cache + COMPUTING_BYTES


def _from_file(model: InstalledModel) -> tuple[int, int, int]:
    """Layers, values that one token has in each for keys, and the longest context."""
    if (glance := glance_at(model.path)) is None:
        return 0, 0, 0
    heads = glance.number("attention.head_count")
    width = glance.number("attention.key_length") or glance.number("embedding_length") // max(
        1, heads
    )
    kv_heads = glance.number("attention.head_count_kv") or heads
    return glance.number("block_count"), kv_heads * width, glance.number("context_length")
