"""What of a model decides how much memory it takes: from its file's header, or from less.

Only figures: nothing is loaded, and how they come together is `needs`' to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from rag.models.catalogue import CatalogueEntry
from rag.models.gguf import Header, Tensor
from rag.models.quantizations import repacked_types

EMBEDDING, OUTPUT = "token_embd.weight", "output.weight"
NONE = Tensor("", 0)
STAGED_BYTES = 32 * 1024**2  # the largest piece that glibc keeps to itself when it is freed
# For a model of which the catalogue alone is known, rather too much than too little: weights of a
# layer for a square of its width, its inner width, tokens in its vocabulary.
LAYER_WEIGHTS, INNER_WIDTHS, VOCABULARY = 13, 4, 200_000
NONE = Tensor("", 0)
STAGED_BYTES = 32 * 1024**2  # the largest piece that glibc keeps to itself when it is freed
# For a model of which the catalogue alone is known, rather too much than too little: bytes of a
# layer at 4.8 bits for a square of its width, its inner width, tokens in its vocabulary.
LAYER_BYTES, INNER_WIDTHS, VOCABULARY = 7.8, 4, 200_000


@dataclass(frozen=True, slots=True)
class Shape:
    """A model's sizes, in bytes, in values and in counts."""

    weights_bytes: int
    weight_count: int  # of those that every token is multiplied with
    embedding_bytes: int  # of the vocabulary's vectors, which stay with the processor
    output_bytes: int  # of what turns the last layer into scores: the first to go to a card
    is_tied: bool  # the output is the embedding, and not in the file a second time
    is_output_repacked: bool  # it may be, where weights are not mapped
    staged_bytes: int  # what allocators keep of the buffer through which tensors are repacked
    layers: int
    width: int  # of what passes from layer to layer, or of a query where that is wider
    inner: int  # the width within a layer
    vocabulary: int
    cached_values: int  # that the KV cache of one layer keeps for a token
    head_width: int
    context_tokens: int  # the longest that it was trained for; 0 where that is not told

    @classmethod
    def of_header(cls, header: Header) -> Self:
        """The shape of a model that is here."""
        tensors = {tensor.name: tensor for tensor in header.tensors}
        embedding = tensors.get(EMBEDDING, NONE)
        output = tensors.get(OUTPUT, embedding)
        repacked = [t.size_bytes for t in header.tensors if t.type_number in repacked_types()]
        heads = max(1, header.number("attention.head_count", 1))
        width = header.number("embedding_length")
        key_width = header.number("attention.key_length", width // heads)
        value_width = header.number("attention.value_length", key_width)
        kv_heads = header.number("attention.head_count_kv", heads)
        return cls(
            weights_bytes=header.weights_bytes,
            weight_count=_weight_count(header),
            embedding_bytes=embedding.size_bytes,
            output_bytes=output.size_bytes,
            is_tied=output is embedding,
            is_output_repacked=output.type_number in repacked_types(),
            staged_bytes=min(STAGED_BYTES, max(repacked, default=0)),
            layers=max(1, header.number("block_count", 1)),
            width=max(width, heads * key_width),
            inner=_inner_width(header),
            vocabulary=header.lengths.get("tokenizer.ggml.tokens", 0),
            cached_values=kv_heads * (key_width + value_width),
            head_width=key_width,
            context_tokens=header.number("context_length"),
        )

    @classmethod
    def of_entry(cls, entry: CatalogueEntry) -> Self:
        """About the shape of a model that is not here yet."""
        layers, bytes_each = max(1, entry.layers), _bytes_each(entry.quantization)
        width = round((entry.size_bytes / layers / bytes_each / LAYER_WEIGHTS) ** 0.5)
        embedding = round(VOCABULARY * width * bytes_each)
        return cls(
            weights_bytes=entry.size_bytes,
            weight_count=round(entry.size_bytes / bytes_each),
            embedding_bytes=embedding,
            output_bytes=embedding,
            is_tied=False,
            is_output_repacked=True,
            staged_bytes=STAGED_BYTES,
            layers=layers,
            width=width,
            inner=INNER_WIDTHS * width,
            vocabulary=VOCABULARY,
            cached_values=2 * entry.kv_heads * entry.head_width,
            head_width=entry.head_width,
            context_tokens=entry.context_tokens,
        )

    @property
    def layer_bytes(self) -> int:
        """The weights of one layer."""
        outside = self.embedding_bytes + (0 if self.is_tied else self.output_bytes)
        return max(0, self.weights_bytes - outside) // self.layers


def _inner_width(header: Header) -> int:
    """Of a mixture of experts, those that one token goes through."""
    whole = header.number("feed_forward_length")
    experts = header.number("expert_used_count") * header.number("expert_feed_forward_length")
    return max(whole, experts)


def _weight_count(header: Header) -> int:
    """All but the vocabulary's vectors, unless those are the output too."""
    names = {tensor.name for tensor in header.tensors}
    return sum(
        tensor.value_count
        for tensor in header.tensors
        if tensor.name != EMBEDDING or OUTPUT not in names
    )


def _bytes_each(quantization: str) -> float:
    """About what a weight takes: Q4_K_M keeps most in 4 bits, and the whole file has 4.9."""
    bits = next((int(sign) for sign in quantization if sign.isdigit()), 4)
    return (bits + 0.9) / 8
