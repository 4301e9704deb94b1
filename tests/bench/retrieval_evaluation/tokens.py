"""Where the tokens of a text end: by Phi-4's kind of vocabulary, else by the embedder's.

Phi-4's vocabulary is cl100k_base with other control tokens; its ranks come from the file
`cl100k_base.tiktoken` (a line a token: base64, rank). Only ends are told, since only lengths count.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import regex
from tokenizers import Tokenizer

WORDS = regex.compile(
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

TokenEnds = Callable[[str], tuple[int, ...]]  # offsets in characters, not above the text's length


def token_ends(ranks: Path, embedder: Path) -> tuple[str, TokenEnds]:
    """The vocabulary's name and how it cuts: Phi-4's where the file of ranks is there."""
    if ranks.is_file():
        return "cl100k_base, Phi-4's", phi4_ends(ranks)
    tokenizer = Tokenizer.from_file(str(embedder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def ends(text: str) -> tuple[int, ...]:
        encoded = tokenizer.encode(text, add_special_tokens=False)
        return tuple(end for _, end in encoded.offsets)

    return "the embedder's", ends


def phi4_ends(path: Path) -> TokenEnds:
    """By byte pair encoding with the ranks of a file."""
    pairs = (line.split() for line in path.read_bytes().splitlines() if line)
    ranks = {base64.b64decode(token): int(rank) for token, rank in pairs}

    @lru_cache(maxsize=100_000)
    def word_ends(word: str) -> tuple[int, ...]:
        data = word.encode()
        return tuple(len(data[:end].decode("utf-8", "ignore")) for end in merged_ends(data, ranks))

    def ends(text: str) -> tuple[int, ...]:
        return tuple(
            word.start() + end for word in WORDS.finditer(text) for end in word_ends(word[0])
        )

    return ends


def merged_ends(word: bytes, ranks: dict[bytes, int]) -> list[int]:
    """Where the tokens of one word end, in bytes: always the pair of the lowest rank is joined."""
    bounds = list(range(len(word) + 1))
    while len(bounds) > 2:
        joined = [
            ranks.get(word[start:end], len(ranks))
            for start, end in zip(bounds, bounds[2:], strict=False)
        ]
        lowest = min(joined)
        if lowest == len(ranks):
            break
        del bounds[joined.index(lowest) + 1]
    return [end for _, end in pairwise(bounds)]
