"""In what numbers a GGUF file keeps its weights: the types of tensors, and of files as a whole."""

from __future__ import annotations

import platform

# fmt: off
# How many values a block of each type holds, and in how many bytes (ggml.h, ggml-common.h).
BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),
    9: (32, 40), 10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210),
    15: (256, 292), 16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18),
    21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8),
    28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
    40: (64, 36), 41: (128, 18),
}
# Those that llama.cpp may repack for a processor, on every kind and on Arm alone (ggml-cpu's
# repack.cpp).
REPACKED, REPACKED_ON_ARM = frozenset({2, 10, 12, 20, 39}), frozenset({8, 13, 14})
# What `general.file_type` says of most of the tensors (llama.h).
FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M",
    30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4", 39: "NVFP4",
}
# fmt: on


def repacked_types() -> frozenset[int]:
    """The types that may be repacked on this machine."""
    is_arm = platform.machine().lower() in ("arm64", "aarch64")
    return REPACKED | REPACKED_ON_ARM if is_arm else REPACKED
