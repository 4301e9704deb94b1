"""How a model is to be loaded: decided before, by `rag.generation.fit` or by a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# At most, read at once. On a processor 512 are read 3 to 6 % faster than 128 (Phi-4's layers), and
# take four times the buffers; graphics cards want more.
CPU_BATCH_TOKENS = 128
GPU_BATCH_TOKENS = 512
QUANTIZED_BLOCK = 32  # a q8_0 or q4_0 cache needs heads of a multiple of this width


class CacheType(StrEnum):
    """In which numbers the KV cache is kept: 16, 8.5 or 4.5 bits a value."""

    F16 = "f16"
    Q8_0 = "q8_0"
    Q4_0 = "q4_0"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model lies in memory and computes."""

    context_tokens: int
    threads: int  # the machine's physical cores, no more
    gpu_layers: int = 0  # offloaded: 0 for none, layers + 1 for the whole model
    cache_type: CacheType = CacheType.Q8_0
    # Mapped, the weights lie in memory once and the system may drop and read them again; else
    # they are read and repacked for this processor, once too: faster, and not to be dropped.
    is_mapped: bool = True
    batch_tokens: int = CPU_BATCH_TOKENS  # at most; on graphics cards stops wait for their end
