"""Headers of real and of broken GGUF files."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import gguf
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ModelError, ModelMissing, ModelUnusable
from rag.models.gguf import file_parts, read_header
from rag.models.quantizations import BLOCKS, FILE_TYPES


def write_small(path: Path) -> Path:
    """A GGUF file of two tensors that is whole, and no model."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(2048)
    writer.add_layer_norm_rms_eps(0.5)
    writer.add_add_bos_token(True)
    writer.add_token_list(["a", "bc", "def"])
    writer.add_token_types([1, 1, 3])
    writer.add_tensor("blk.0.weight", np.ones(64, dtype=np.float32))
    writer.add_tensor("output.weight", np.ones(32, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small(tmp_path_factory.mktemp("gguf") / "small.gguf")


def test_single_values_are_read_by_type(small: Path) -> None:
    metadata = read_header(small).metadata
    assert metadata["general.architecture"] == "llama"
    assert metadata["llama.context_length"] == 2048
    assert metadata["llama.attention.layer_norm_rms_epsilon"] == 0.5
    assert metadata["tokenizer.ggml.add_bos_token"] is True


def test_lists_are_counted(small: Path) -> None:
    lengths = read_header(small).lengths
    assert lengths == {"tokenizer.ggml.tokens": 3, "tokenizer.ggml.token_type": 3}


def test_tensors_have_their_sizes(small: Path) -> None:
    header = read_header(small)
    assert [(tensor.name, tensor.size_bytes) for tensor in header.tensors] == [
        ("blk.0.weight", 256),
        ("output.weight", 128),
    ]
    assert header.weights_bytes == 384


def test_a_real_header_agrees_with_the_model_card(starter_path: Path) -> None:
    header = read_header(starter_path)
    assert header.architecture == "llama"
    assert header.number("block_count") == 30
    assert header.number("context_length") == 8192
    assert header.lengths["tokenizer.ggml.tokens"] == 49_152
    assert header.weights_bytes == pytest.approx(starter_path.stat().st_size, rel=0.03)


@given(st.data())
def test_a_header_cut_anywhere_is_refused(
    small: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = small.read_bytes()
    length = data.draw(st.integers(0, len(content) - 1))
    path = tmp_path_factory.mktemp("cut") / "cut.gguf"
    path.write_bytes(content[:length])
    with pytest.raises(ModelUnusable, match=r"“cut\.gguf”"):
        read_header(path)


@given(position=st.integers(8, 300), byte=st.integers(0, 255))
def test_a_damaged_header_is_read_or_refused(
    small: Path, tmp_path_factory: pytest.TempPathFactory, position: int, byte: int
) -> None:
    content = bytearray(small.read_bytes())
    content[position] = byte
    path = tmp_path_factory.mktemp("damaged") / "damaged.gguf"
    path.write_bytes(content)
    with suppress(ModelError):  # and from nothing else
        read_header(path)


def test_the_types_are_those_of_the_format() -> None:
    assert {int(kind): size for kind, size in gguf.constants.GGML_QUANT_SIZES.items()} == BLOCKS
    kinds = {int(kind): kind.name for kind in gguf.LlamaFileType}
    assert all(
        f"MOSTLY_{name}" in (kinds[number], "MOSTLY_F32", "MOSTLY_MXFP4")
        for number, name in FILE_TYPES.items()
    )


def test_a_real_header_tells_quantization_and_template(starter_path: Path, small: Path) -> None:
    starter = read_header(starter_path)
    assert (starter.quantization, starter.has_chat_template) == ("Q4_1", True)
    assert (read_header(small).quantization, read_header(small).has_chat_template) == ("", False)


def write_parts(folder: Path) -> tuple[Path, ...]:
    """A model of two tensors, each in a file of its own."""
    path = folder / "model.gguf"
    writer = gguf.GGUFWriter(path, "llama", split_max_tensors=1)
    writer.add_context_length(2048)
    writer.add_tensor("blk.0.weight", np.ones(64, dtype=np.float32))
    writer.add_tensor("output.weight", np.ones(32, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return tuple(sorted(folder.glob("model-*")))


def test_a_split_model_is_the_sum_of_its_parts(tmp_path: Path) -> None:
    parts = write_parts(tmp_path)
    header = read_header(parts[0])
    assert file_parts(parts[0]) == parts
    assert [tensor.name for tensor in header.tensors] == ["blk.0.weight", "output.weight"]
    assert (header.weights_bytes, header.number("context_length")) == (384, 2048)


def test_a_missing_part_is_told(tmp_path: Path) -> None:
    first, second = write_parts(tmp_path)
    with pytest.raises(ModelUnusable, match="is not the first part of its model"):
        read_header(second)
    second.unlink()
    with pytest.raises(ModelUnusable, match=f"one of 2 parts of a model, and “{second.name}”"):
        read_header(first)
    alone = first.rename(tmp_path / "alone.gguf")
    with pytest.raises(ModelUnusable, match="does not have the name of one"):
        read_header(alone)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "“x.gguf” is no GGUF file."),
        (b"<html>Not found</html>", "“x.gguf” is no GGUF file."),
        (b"GGUF\x03", "“x.gguf” is damaged or not whole."),
        (b"GGUF\x01\x00\x00\x00", "“x.gguf” is a GGUF of version 1, which Deskbook does not read."),
    ],
)
def test_what_is_no_gguf_is_told(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelUnusable) as raised:
        read_header(path)
    assert raised.value.what == sentence


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match="cannot be read"):
        read_header(tmp_path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="Check the path, or choose another model"):
        read_header(tmp_path / "none.gguf")
