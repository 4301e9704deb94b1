"""Text into tokens and back, with the starter's and Phi-4's vocabularies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.generation.plan import Plan
from rag.generation.vocabulary import Vocabulary
from rag.generation.weights import Weights

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
CONTROL = ["<|im_start|>", "<|im_end|>", "<|im_sep|>", "<|endoftext|>", "<|", "|>", "im_sep", "<"]
FIRST_CONTROL_TOKEN = 100257


def vocabulary_of(path: Path) -> Iterator[Vocabulary]:
    with closing(Weights(path, Plan(512, threads=1))) as weights:
        yield Vocabulary(weights)


@pytest.fixture(scope="module")
def phi4_vocabulary(phi4_path: Path) -> Iterator[Vocabulary]:
    yield from vocabulary_of(phi4_path)


@pytest.fixture(scope="module")
def declaring_vocabulary(declared_path: Path) -> Iterator[Vocabulary]:
    yield from vocabulary_of(declared_path)


@given(text=TEXTS)
def test_plain_tokens_read_back_as_the_text(phi4_vocabulary: Vocabulary, text: str) -> None:
    tokens = phi4_vocabulary.plain_tokens(text)
    assert "".join(phi4_vocabulary.characters(tokens)) == text


@given(text=TEXTS)
def test_cut_seams_lose_nothing(declaring_vocabulary: Vocabulary, text: str) -> None:
    marked = f"{text}<|im_sep|>{text}"
    tokens = declaring_vocabulary.plain_tokens(marked)
    assert "".join(declaring_vocabulary.characters(tokens)) == marked


@pytest.mark.parametrize("text", ["naïve", "日本語の文書", "🙂🏳️‍🌈", "a\u0301"])
def test_characters_come_whole(phi4_vocabulary: Vocabulary, text: str) -> None:
    pieces = list(phi4_vocabulary.characters(phi4_vocabulary.plain_tokens(text)))
    assert "".join(pieces) == text
    assert not any("\ufffd" in piece for piece in pieces)


def test_a_character_that_never_ends_is_shown_as_broken(phi4_vocabulary: Vocabulary) -> None:
    tokens = phi4_vocabulary.plain_tokens("\U000105d0")
    assert len(tokens) > 1
    assert "".join(phi4_vocabulary.characters(tokens[:1])) == "\ufffd"


def test_a_long_token_reads_back_whole(phi4_vocabulary: Vocabulary) -> None:
    spaces = " " * 128
    assert "".join(phi4_vocabulary.characters(phi4_vocabulary.plain_tokens(spaces))) == spaces


def test_template_text_becomes_control_tokens(phi4_vocabulary: Vocabulary) -> None:
    assert phi4_vocabulary.template_tokens("<|im_start|>system<|im_sep|>") == [100264, 9125, 100266]


@given(parts=st.lists(st.sampled_from(CONTROL) | st.text(max_size=5)))
def test_plain_text_never_becomes_a_control_token(
    phi4_vocabulary: Vocabulary, declaring_vocabulary: Vocabulary, parts: list[str]
) -> None:
    for vocabulary in (phi4_vocabulary, declaring_vocabulary):
        tokens = vocabulary.plain_tokens("".join(parts))
        assert all(token < FIRST_CONTROL_TOKEN for token in tokens)


def test_end_tokens_are_found_beside_the_one_that_the_file_names(
    phi4_vocabulary: Vocabulary,
) -> None:
    assert phi4_vocabulary.eos == "<|endoftext|>"
    assert {100257, 100265} <= phi4_vocabulary.end_tokens


def test_an_end_of_text_ends_an_answer_where_the_file_names_another(
    declaring_vocabulary: Vocabulary,
) -> None:
    assert declaring_vocabulary.eos == "<|im_end|>"
    assert declaring_vocabulary.end_tokens == {100257, 100265}


def test_the_starter_ends_on_either_of_its_tokens(starter_path: Path) -> None:
    for vocabulary in vocabulary_of(starter_path):
        assert vocabulary.end_tokens == {0, 2}
