"""What holds for the readers of all formats: exact spans, and a sentence for every broken file."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.chunking import chunk
from rag.documents import read
from rag.errors import DamagedFile, DocumentError
from rag.types import Document

SUFFIXES = (
    "csv docx eml epub html ipynb mbox md odt pptx py rs rtf tsv txt xlsx".split()  # noqa: SIM905
)
PACKAGES = ("docx", "epub", "odt", "pptx", "xlsx")
# The paths of the session's samples are the same for every example.
BROKEN = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def read_or_told(path: Path, data: bytes) -> Document | None:
    """The document of a file that holds these bytes, or nothing where a reader said why not."""
    path.write_bytes(data)
    try:
        document = read(path)
    except DocumentError:
        return None
    document.text.encode("utf-8")
    return document


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_passages_are_the_text_at_their_spans(samples: dict[str, Path], suffix: str) -> None:
    document = read(samples[suffix])
    passages = chunk(document, size=60, count=len)
    assert passages
    for passage in passages:
        assert passage.text == passage.span.of(document.text)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_headings_are_in_order_and_where_they_say(samples: dict[str, Path], suffix: str) -> None:
    document = read(samples[suffix])
    end = 0
    for heading in document.headings:
        assert end <= heading.span.start < heading.span.end <= len(document.text)
        end = heading.span.end


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_sample_says_something_and_nothing_unseen(samples: dict[str, Path], suffix: str) -> None:
    text = read(samples[suffix]).text
    assert len(text) > 10
    assert "\0" not in text
    assert "\f" not in text


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_empty_file_has_no_text_or_is_told(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"empty.{suffix}"
    path.touch()
    if suffix in PACKAGES:
        with pytest.raises(DamagedFile, match=f"“empty.{suffix}” is empty"):
            read(path)
    else:
        assert read(path).text == ""


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(data=st.binary(max_size=300))
@BROKEN
def test_any_bytes_are_read_or_told(tmp_path: Path, suffix: str, data: bytes) -> None:
    read_or_told(tmp_path / f"noise.{suffix}", data)


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(part=st.floats(0, 1))
@BROKEN
def test_a_truncated_file_is_read_or_told(
    tmp_path: Path, samples: dict[str, Path], suffix: str, part: float
) -> None:
    data = samples[suffix].read_bytes()
    read_or_told(tmp_path / f"cut.{suffix}", data[: int(part * len(data))])


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(place=st.floats(0, 1), noise=st.binary(min_size=1, max_size=30))
@BROKEN
def test_a_file_with_wrong_bytes_is_read_or_told(
    tmp_path: Path, samples: dict[str, Path], suffix: str, place: float, noise: bytes
) -> None:
    data = samples[suffix].read_bytes()
    at = int(place * len(data))
    read_or_told(tmp_path / f"wrong.{suffix}", data[:at] + noise + data[at + len(noise) :])
