"""Write a tiny GGUF file with Phi-4's architecture, tokenizer and chat template.

    python tests/models/phi4_shape.py tiny.gguf             # 2 layers, 40 MB, about 3 s

Its weights are random but for one thing: whatever it reads, it says the token `--says` next.
Its vocabulary, its token numbers and its template are Phi-4's own.
"""

from __future__ import annotations

import argparse
import base64
from itertools import pairwise
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Quantization
from numpy.typing import NDArray

RANKS = Path(__file__).parent / "cl100k_base.tiktoken"
VOCABULARY = 100_352
LAYERS, WIDTH, HEADS, KV_HEADS, INNER = 2, 256, 4, 2, 512
SPECIAL = {
    100257: "<|endoftext|>",
    100258: "<|fim_prefix|>",
    100259: "<|fim_middle|>",
    100260: "<|fim_suffix|>",
    100264: "<|im_start|>",
    100265: "<|im_end|>",
    100266: "<|im_sep|>",
    100276: "<|endofprompt|>",
}
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '<|im_sep|>'"
    " + message['content'] + '<|im_end|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant<|im_sep|>' }}{% endif %}"
)
Ranks = dict[bytes, int]
Blocks = NDArray[np.uint8]


def byte_alphabet() -> dict[int, str]:
    """GPT-2's printable stand-in for each byte value."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in printable]
    return {b: chr(b) for b in printable} | {b: chr(256 + n) for n, b in enumerate(rest)}


def read_ranks(path: Path) -> Ranks:
    """Each token's bytes and its number, in the order of merging."""
    lines = (line.split() for line in path.read_bytes().splitlines())
    return {base64.b64decode(token): int(rank) for token, rank in lines}


def merge_pair(token: bytes, ranks: Ranks) -> list[bytes]:
    """The two pieces that byte-pair encoding joins last to make the token."""
    limit, parts = ranks[token], [bytes([b]) for b in token]
    while True:
        pairs = [(ranks.get(a + b, limit), n) for n, (a, b) in enumerate(pairwise(parts))]
        rank, n = min(pairs, default=(limit, 0))
        if rank >= limit:
            return parts
        parts[n : n + 2] = [parts[n] + parts[n + 1]]


def add_tokenizer(writer: gguf.GGUFWriter, *, eos: int, declared: list[str]) -> None:
    """Phi-4's vocabulary; the special tokens `declared` are user-defined, not control tokens."""
    ranks, alphabet = read_ranks(RANKS), byte_alphabet()
    tokens = [f"<|dummy_{n}|>" for n in range(VOCABULARY)]
    kinds = [int(gguf.TokenType.UNUSED)] * VOCABULARY
    merges = []
    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        tokens[rank] = "".join(alphabet[b] for b in token)
        kinds[rank] = int(gguf.TokenType.NORMAL)
        if len(token) > 1 and len(pair := merge_pair(token, ranks)) == 2:
            merges.append(" ".join("".join(alphabet[b] for b in part) for part in pair))
    for number, text in SPECIAL.items():
        kind = gguf.TokenType.USER_DEFINED if text in declared else gguf.TokenType.CONTROL
        tokens[number], kinds[number] = text, int(kind)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("dbrx")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(100257)
    writer.add_eos_token_id(eos)
    writer.add_pad_token_id(100257)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def add_shape(writer: gguf.GGUFWriter) -> None:
    """Phi-4's kind of network, much smaller."""
    writer.add_name("phi-4 shape, tiny")
    writer.add_context_length(16_384)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_block_count(LAYERS)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_rope_freq_base(250_000.0)
    writer.add_rope_scaling_orig_ctx_len(16_384)
    writer.add_sliding_window(0)
    writer.add_file_type(15)
    writer.add_vocab_size(VOCABULARY)


def half(value: float) -> Blocks:
    """The bytes of a number at half precision."""
    return np.frombuffer(np.float16(value).tobytes(), dtype=np.uint8)


def q4_blocks(rows: int, columns: int, *, least: float = 1.5e-3) -> Blocks:
    """Random rows in Q4_K, small and, unless `least` is 0, about as often negative as positive."""
    rng = np.random.default_rng(0)
    blocks = rng.integers(0, 256, (rows * columns // 256, 144), dtype=np.uint8)
    blocks[:, 0:2], blocks[:, 2:4] = half(2e-4), half(least)
    return blocks.reshape(rows, -1)


def q6_blocks(rows: int, columns: int) -> Blocks:
    """Random rows in Q6_K, small and centred."""
    rng = np.random.default_rng(0)
    blocks = rng.integers(0, 256, (rows * columns // 256, 210), dtype=np.uint8)
    blocks[:, 192:208] = rng.integers(20, 40, (len(blocks), 16), dtype=np.uint8)
    blocks[:, 208:210] = half(5e-5)
    return blocks.reshape(rows, -1)


def add_weights(writer: gguf.GGUFWriter, *, says: int) -> None:
    """All embeddings are positive, and so is the output row of `says`, the largest there can be."""
    output = q6_blocks(VOCABULARY, WIDTH)
    output[says, :192], output[says, 192:208] = 255, 127
    embeddings = q4_blocks(VOCABULARY, WIDTH, least=0.0)
    norm = np.ones(WIDTH, dtype=np.float32)
    qkv_width = WIDTH + 2 * KV_HEADS * (WIDTH // HEADS)
    q4, q6 = Quantization.Q4_K, Quantization.Q6_K
    writer.add_tensor("token_embd.weight", embeddings, raw_dtype=q4)
    writer.add_tensor("output_norm.weight", norm)
    writer.add_tensor("output.weight", output, raw_dtype=q6)
    for layer in range(LAYERS):
        name = f"blk.{layer}."
        writer.add_tensor(name + "attn_norm.weight", norm)
        writer.add_tensor(name + "attn_qkv.weight", q4_blocks(qkv_width, WIDTH), raw_dtype=q4)
        writer.add_tensor(name + "attn_output.weight", q4_blocks(WIDTH, WIDTH), raw_dtype=q4)
        writer.add_tensor(name + "ffn_norm.weight", norm)
        writer.add_tensor(name + "ffn_up.weight", q4_blocks(2 * INNER, WIDTH), raw_dtype=q4)
        writer.add_tensor(name + "ffn_down.weight", q4_blocks(WIDTH, INNER), raw_dtype=q4)


def write_model(path: Path, *, eos: int, says: int, declared: list[str]) -> None:
    """Write the whole file."""
    writer = gguf.GGUFWriter(path, "phi3")
    add_shape(writer)
    add_tokenizer(writer, eos=eos, declared=declared)
    add_weights(writer, says=says)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--eos", type=int, default=100265, help="the end token that the file names")
    parser.add_argument("--says", type=int, default=100265, help="the token it always says")
    parser.add_argument("--declared", action="append", default=[], help="a user-defined token")
    arguments = parser.parse_args()
    write_model(arguments.path, eos=arguments.eos, says=arguments.says, declared=arguments.declared)


if __name__ == "__main__":
    main()
