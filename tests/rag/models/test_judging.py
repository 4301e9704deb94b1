"""What files say of themselves, in sentences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import ModelMissing
from rag.models import Catalogue, ModelStore
from rag.models.architectures import LANGUAGE_MODELS, OTHER_MODELS
from rag.models.gguf import read_header
from rag.models.glance import glance_at
from rag.models.judging import check_language_model, judge
from rag.models.memory import memory_bytes


def test_the_kinds_are_those_that_llama_cpp_names() -> None:
    assert set(gguf.MODEL_ARCH_NAMES.values()) <= LANGUAGE_MODELS | OTHER_MODELS
    assert not LANGUAGE_MODELS & OTHER_MODELS


def test_a_real_model_is_judged_by_its_header(starter_path: Path) -> None:
    judgement = judge(starter_path)
    assert judgement.is_usable
    assert judgement.cautions == ()
    assert judgement.sentence == (
        "“llama” in Q4_1, 0.10 GB, a context of 8,192 tokens, with its chat template."
    )


def test_a_glance_says_what_the_header_says(starter_path: Path, phi4_path: Path) -> None:
    for path in (starter_path, phi4_path):
        header, glance = read_header(path), glance_at(path)
        assert glance is not None
        assert glance.is_language_model
        assert glance.quantization == header.quantization
        assert glance.shape == (
            header.number("block_count"),
            header.number("attention.head_count_kv"),
        )


@given(position=st.integers(0, 400), byte=st.integers(0, 255), length=st.integers(0, 700))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_beginning_is_read_or_passed_over(
    write_gguf: Callable[..., Path], tmp_path: Path, position: int, byte: int, length: int
) -> None:
    content = bytearray(write_gguf(tmp_path / "m.gguf").read_bytes())
    content[position] = byte
    (tmp_path / "m.gguf").write_bytes(content[:length])
    glance = glance_at(tmp_path / "m.gguf")
    assert glance is None or glance.is_language_model in (True, False)
    assert judge(tmp_path / "m.gguf").sentence


@pytest.mark.parametrize(
    ("said", "caution"),
    [
        ({"template": ""}, "“m.gguf” has no chat template, so Deskbook asks it in a plain way"),
        ({"architecture": "nextgen"}, "“m.gguf” is of a kind, “nextgen”, that this Deskbook does"),
    ],
)
def test_what_may_go_wrong_is_told_and_does_not_forbid(
    write_gguf: Callable[..., Path], tmp_path: Path, said: dict[str, Any], caution: str
) -> None:
    judgement = check_language_model(write_gguf(tmp_path / "m.gguf", **said))
    (told,) = judgement.cautions
    assert told.startswith(caution)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"architecture": "bert"}, "“m.gguf” is no language model but “bert”."),
        ({"kind": "mmproj", "architecture": "clip"}, "“m.gguf” is no language model but “mmproj”."),
        ({"architecture": "qwen3", "pooling_type": 4}, "“m.gguf” is no language model but “qwen3”"),
    ],
)
def test_what_writes_no_text_is_told(
    write_gguf: Callable[..., Path], tmp_path: Path, said: dict[str, Any], sentence: str
) -> None:
    judgement = judge(write_gguf(tmp_path / "m.gguf", **said))
    assert not judgement.is_usable
    assert judgement.sentence.startswith(sentence)


@pytest.mark.parametrize("lost", [1, 100, 300])
def test_a_file_cut_at_its_end_is_told(
    write_gguf: Callable[..., Path], tmp_path: Path, lost: int
) -> None:
    path = write_gguf(tmp_path / "m.gguf")
    path.write_bytes(path.read_bytes()[:-lost])
    assert judge(path).fault == "“m.gguf” is damaged or not whole."


def test_a_renamed_file_and_a_missing_one_are_told(tmp_path: Path) -> None:
    (tmp_path / "letter.gguf").write_text("Dear reader")
    assert judge(tmp_path / "letter.gguf").fault == "“letter.gguf” is no GGUF file."
    assert judge(tmp_path / "none.gguf").fault.startswith("There is no model file")
    with pytest.raises(ModelMissing):
        check_language_model(tmp_path / "none.gguf")


# --- memory ---------------------------------------------------------------------------------------


def test_the_memory_of_phi_4_is_told_before_it_is_here(catalogue: Catalogue) -> None:
    entry = catalogue.find("phi-4")
    cache = memory_bytes(entry, 16_384) - memory_bytes(entry, 0)
    assert cache / 16_384 / 1024 == pytest.approx(106.25)  # KiB a token at q8_0
    assert memory_bytes(entry, 32_768) == memory_bytes(entry, 16_384)  # its longest


def test_the_memory_of_an_unknown_file_is_told_from_its_beginning(
    write_gguf: Callable[..., Path], tmp_path: Path, catalogue: Catalogue
) -> None:
    path = write_gguf(tmp_path / "m.gguf", layers=2, kv_heads=2)
    model = ModelStore(tmp_path, catalogue).find("m")
    per_token = (memory_bytes(model, 4_096) - memory_bytes(model, 0)) / 4_096
    assert per_token == 2 * 2 * 2 * 128 * 34 / 32
    assert model.size_bytes == path.stat().st_size
