"""A model's vocabulary: text into token numbers and back, and which tokens end an answer.

There are two kinds of text. A template's may contain control tokens; plain text, which is what
documents and people write, never becomes one, whatever it contains.
"""

from __future__ import annotations

import codecs
import ctypes
import re
from collections.abc import Iterable, Iterator
from typing import Any

from rag.generation.llama import library
from rag.generation.weights import Weights

# Files may name a wrong end token, or one of several: early Phi-4 files end on 100257 alone.
END_TOKENS = ("<|im_end|>", "<|end|>", "<|eot_id|>", "<|endoftext|>", "</s>", "<end_of_turn>")
LOOKS_LIKE_CONTROL = re.compile(r"<\S+>|\[\S+\]")


class Vocabulary:
    """The tokenizer of one model. It lives as long as the model's weights."""

    def __init__(self, weights: Weights) -> None:
        self._api: Any = library()
        self._handle = self._api.llama_model_get_vocab(weights.handle)
        self._seams = self._seams_of_declared_tokens()
        self.end_tokens = self._find_end_tokens()

    @property
    def bos(self) -> str:
        """The text of the token that begins a sequence; empty where there is none."""
        return self._text_of(self._api.llama_vocab_bos(self._handle))

    @property
    def eos(self) -> str:
        """The text of the token that ends a sequence, as the file says; empty where none is."""
        return self._text_of(self._api.llama_vocab_eos(self._handle))

    @property
    def adds_bos(self) -> bool:
        """Whether the model expects each prompt to begin with the token `bos`."""
        return bool(self._api.llama_vocab_get_add_bos(self._handle))

    def template_tokens(self, text: str) -> list[int]:
        """The tokens of a template's text, control tokens among them."""
        return self._tokenize(text, is_template=True)

    def plain_tokens(self, text: str) -> list[int]:
        """The tokens of a document's or a person's text: none of them is a control token."""
        parts = self._seams.split(text) if self._seams else [text]
        return [token for part in parts for token in self._tokenize(part, is_template=False)]

    def characters(self, tokens: Iterable[int]) -> Iterator[str]:
        """The text of the tokens as they come; a character spread over several waits for all."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        for token in tokens:
            if text := decoder.decode(self._bytes_of(token)):
                yield text
        if text := decoder.decode(b"", final=True):
            yield text

    def _bytes_of(self, token: int) -> bytes:
        """The bytes that a token stands for, perhaps a part of a character; control tokens none."""
        buffer = ctypes.create_string_buffer(64)
        length = self._api.llama_token_to_piece(self._handle, token, buffer, 64, 0, False)
        if length < 0:
            buffer = ctypes.create_string_buffer(-length)
            length = self._api.llama_token_to_piece(self._handle, token, buffer, -length, 0, False)
        return buffer.raw[:length]

    def _tokenize(self, text: str, *, is_template: bool) -> list[int]:
        data = text.encode("utf-8", "replace")
        room = len(data) + 8  # no token is shorter than a byte, but some models add a space
        tokens = (self._api.llama_token * room)()
        count = self._api.llama_tokenize(
            self._handle, data, len(data), tokens, room, False, is_template
        )
        assert count >= 0, "a text has more tokens than bytes"
        return list(tokens[:count])

    def _find_end_tokens(self) -> frozenset[int]:
        named = {self._api.llama_vocab_eos(self._handle), self._api.llama_vocab_eot(self._handle)}
        single = {
            tokens[0] for text in END_TOKENS if len(tokens := self.template_tokens(text)) == 1
        }
        return frozenset((named | single) - {-1})

    def _seams_of_declared_tokens(self) -> re.Pattern[str] | None:
        """Where plain text must be cut so that llama.cpp finds no declared token in it.

        llama.cpp skips control tokens in plain text, but takes tokens that a file declares as
        user-defined, and some files declare theirs so. A cut behind the first character parts
        the text of such a token.
        """
        texts = sorted(set(self._declared_texts()), key=len, reverse=True)
        cuts = (f"(?<={re.escape(text[0])})(?={re.escape(text[1:])})" for text in texts)
        return re.compile("|".join(cuts)) if texts else None

    def _declared_texts(self) -> Iterator[str]:
        for token in range(self._api.llama_vocab_n_tokens(self._handle)):
            kind = self._api.llama_vocab_get_attr(self._handle, token)
            if kind & self._api.LLAMA_TOKEN_ATTR_USER_DEFINED:
                text = self._text_of(token)
                if LOOKS_LIKE_CONTROL.fullmatch(text):
                    yield text

    def _text_of(self, token: int) -> str:
        if token < 0:
            return ""
        text: bytes = self._api.llama_vocab_get_text(self._handle, token)
        return text.decode("utf-8", "replace")
