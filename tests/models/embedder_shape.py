"""Write a tiny GGUF file of an embedder (BERT's architecture): whole, and no language model.

python tests/models/embedder_shape.py tiny.gguf
"""

from __future__ import annotations

import sys
from pathlib import Path

import gguf
import numpy as np

WIDTH, CONTEXT = 32, 64
TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "▁a", "▁b"]
MATRICES = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_up", "ffn_down")
NORMS = ("token_embd_norm", "blk.0.attn_output_norm", "blk.0.layer_output_norm")


def write_model(path: Path) -> None:
    """Write the whole file; every weight is 1."""
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(WIDTH)
    writer.add_block_count(1)
    writer.add_head_count(2)
    writer.add_layer_norm_eps(1e-5)
    writer.add_causal_attention(False)
    writer.add_tokenizer_model("bert")
    writer.add_token_list(TOKENS)
    writer.add_token_types([int(gguf.TokenType.NORMAL)] * len(TOKENS))
    writer.add_token_type_count(2)
    for name, shape in shapes().items():
        writer.add_tensor(name, np.ones(shape, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def shapes() -> dict[str, tuple[int, ...]]:
    """The name and the shape of each tensor."""
    matrices = {f"blk.0.{name}.weight": (WIDTH, WIDTH) for name in MATRICES}
    biases = {f"blk.0.{name}.bias": (WIDTH,) for name in MATRICES}
    norms = {f"{name}.{part}": (WIDTH,) for name in NORMS for part in ("weight", "bias")}
    return {
        "token_embd.weight": (len(TOKENS), WIDTH),
        "token_types.weight": (2, WIDTH),
        "position_embd.weight": (CONTEXT, WIDTH),
        **matrices,
        **biases,
        **norms,
    }


if __name__ == "__main__":
    write_model(Path(sys.argv[1]))
