"""What holds for the readers of all formats: exact spans, and a sentence for every broken file."""

import csv
import html
import io
import json
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.chunking import chunk
from rag.documents import read
from rag.documents.draft import clean
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


VISIBLE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)
TEXTS = st.lists(VISIBLE, min_size=1, max_size=5)


def html_of(texts: list[str]) -> bytes:
    return "".join(f"<p>{html.escape(text)}</p>" for text in texts).encode()


def csv_of(texts: list[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([text, "x"] for text in texts)
    return buffer.getvalue().encode()


def notebook_of(texts: list[str]) -> bytes:
    cells = [{"cell_type": "raw", "source": text} for text in texts]
    return json.dumps({"metadata": {}, "cells": cells}).encode()


def docx_of(texts: list[str]) -> bytes:
    word, buffer = docx.Document(), io.BytesIO()
    for text in texts:
        word.add_paragraph(text)
    word.save(buffer)
    return buffer.getvalue()


def message_of(texts: list[str]) -> bytes:
    message = EmailMessage()
    message.set_content("\n\n".join(texts))
    return bytes(message)


@pytest.mark.parametrize(
    ("suffix", "make"),
    [
        ("html", html_of),
        ("csv", csv_of),
        ("ipynb", notebook_of),
        ("docx", docx_of),
        ("eml", message_of),
    ],
)
@given(texts=TEXTS)
@BROKEN
def test_no_word_is_lost_on_the_way_into_passages(
    tmp_path: Path, suffix: str, make: Callable[[list[str]], bytes], texts: list[str]
) -> None:
    path = tmp_path / f"any.{suffix}"
    path.write_bytes(make(texts))
    document = read(path)
    passages = chunk(document, size=40, count=len)
    assert all(passage.text == passage.span.of(document.text) for passage in passages)
    together = "".join("".join(passage.text.split()) for passage in passages)
    for text in texts:
        assert "".join(clean(text).split()) in together
