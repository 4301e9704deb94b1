"""Tokens counted word by word are those of the tokenizer, whatever the text."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from rag.embedding.tokens import Tokens

ODD = "a1é蜂ﬁ.,-[]# \t\n\r\v\f\x1c\x85\xa0\u00ad\u0301\u2003\u2028\u200b\ufeff\0\ufffd"


@pytest.fixture(scope="module")
def tokens(embedder_folder: Path) -> Tokens:
    return Tokens(embedder_folder, name="minilm")


@pytest.fixture(scope="module")
def tokenizer(embedder_folder: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(embedder_folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def length(tokenizer: Tokenizer, text: str) -> int:
    return len(tokenizer.encode(text, add_special_tokens=False))


@given(text=st.text() | st.text(alphabet=ODD))
@example("bees\ffly\n\fhigh [MASK] and [ MASK ]")
@example("unbelievable " * 3 + "z" * 300)
def test_a_text_has_the_tokens_of_its_words(
    tokens: Tokens, tokenizer: Tokenizer, text: str
) -> None:
    assert tokens.count(text) == length(tokenizer, text)


def test_what_has_no_white_space_is_counted_whole(tokens: Tokens, tokenizer: Tokenizer) -> None:
    text = "蜜蜂在花丛中飞舞。" * 50
    assert tokens.count(text) == length(tokenizer, text) == 450


def test_a_tokenizer_that_keeps_white_space_counts_the_text_as_a_whole(
    embedder_folder: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(embedder_folder, tmp_path / "model"))
    settings = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    settings["pre_tokenizer"] = None  # so that the blank is part of an unknown word
    (folder / "tokenizer.json").write_text(json.dumps(settings), "utf-8")
    assert Tokens(folder, name="other").count("bees fly") == 1
