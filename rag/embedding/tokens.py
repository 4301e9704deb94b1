"""An embedder's tokenizer: how long a text is, and the token ids that the model reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from rag.embedding.weights import unusable
from rag.errors import ModelMissing

TokenIds = NDArray[np.int64]

LONGEST_INPUT = 512  # tokens, where the folder does not say

MOST_REMEMBERED = 1 << 16  # words, some 8 MB
LONGEST_REMEMBERED = 40  # characters: longer words seldom come twice


class Tokens:
    """The tokenizer of the embedder in a folder."""

    def __init__(self, folder: Path, *, name: str) -> None:
        """`folder` is in sentence-transformers' form. Raises ModelMissing, ModelUnusable."""
        if not (folder / "tokenizer.json").is_file():
            raise ModelMissing(
                f"There is no embedding model in {folder}.",
                remedy=f"Get it with `deskbook models get {name}`.",
            )
        try:
            self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._longest = _longest_input(folder)
        except Exception as error:  # tokenizers knows no narrower one
            raise unusable(folder, error) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._adds_up = _adds_up(self._tokenizer)
        self._words = _WordCounts(self._encoded)

    def count(self, text: str) -> int:
        """How many tokens a text has, start and end tokens left aside.

        Word by word where that adds up: most words come again and again, and need no tokenizer.
        """
        if not self._adds_up:
            return self._encoded(text)
        # BERT's tokenizer takes other white space for a control character here, for a blank there.
        blanked = text.replace("\t", " ").replace("\n", " ").replace("\r", " ")
        return sum(map(self._words.__getitem__, blanked.split(" ")))

    @property
    def longest_text(self) -> int:
        """How many tokens of a text are read, start and end tokens left aside."""
        return self._longest - self._tokenizer.num_special_tokens_to_add(is_pair=False)

    def ids(self, text: str) -> TokenIds:
        """The ids of a text's tokens between start and end token, cut to the longest input."""
        ids = self._tokenizer.encode(text).ids
        if len(ids) > self._longest:
            ids = [*ids[: self._longest - 1], ids[-1]]
        return np.array(ids, dtype=np.int64)

    def _encoded(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False))


class _WordCounts(dict[str, int]):
    """How many tokens each word has, counted when first asked for; whole texts ask millions."""

    def __init__(self, count: Callable[[str], int]) -> None:
        super().__init__()
        self._count = count

    def __missing__(self, word: str) -> int:
        tokens = self._count(word)
        if len(word) <= LONGEST_REMEMBERED:
            if len(self) >= MOST_REMEMBERED:
                self.clear()
            self[word] = tokens
        return tokens


def _adds_up(tokenizer: Tokenizer) -> bool:
    """Whether a text has the tokens of its words: BERT's parts at white space and keeps none."""
    is_bert = isinstance(tokenizer.pre_tokenizer, BertPreTokenizer)
    return is_bert and isinstance(tokenizer.normalizer, BertNormalizer | None)


def _longest_input(folder: Path) -> int:
    path = folder / "sentence_bert_config.json"
    settings = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return int(settings.get("max_seq_length") or LONGEST_INPUT)
