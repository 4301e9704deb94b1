"""Many questions from a file, in one process: a line each, and the bad ones named."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

GOOD = '{"id": 7, "question": "When does the ferry leave?"}'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "questions.jsonl"


def test_each_question_gets_a_line_with_its_id(samples: Any, file: Path) -> None:
    ids = [1, "two", None, [3]]
    file.write_text("\n\n".join(json.dumps({"id": i, "question": "ferry?"}) for i in ids))
    ran = samples("search", "--questions", file)
    assert ran.code == 0
    assert [line["id"] for line in ran.lines] == ids


@pytest.mark.parametrize(
    "bad",
    [
        "When does it leave?",
        "[1, 2]",
        '{"id": 8}',
        '{"id": 8, "question": ""}',
        '{"id": 8, "question": 5}',
        '{"id": 8, "question": "cut off',
    ],
)
def test_a_bad_line_is_named_and_the_others_are_answered(
    samples: Any, file: Path, bad: str
) -> None:
    file.write_text(f"{GOOD}\n{bad}\n{GOOD}\n")
    ran = samples("search", "--questions", file)
    assert ran.code == 1
    assert [line["id"] for line in ran.lines] == [7, 7]
    assert f"deskbook: Line 2 of {file} is no question. It must be a JSON object like" in ran.err


def test_a_byte_order_mark_is_no_part_of_the_first_question(samples: Any, file: Path) -> None:
    file.write_text(GOOD, encoding="utf-8-sig")
    assert samples("search", "--questions", file).line["id"] == 7


def test_questions_come_from_standard_input_too(
    samples: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(GOOD))
    assert samples("search", "--questions", "-").line["id"] == 7


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "No such file or directory"), (b"\xff\xfe\x00", "it is no text in UTF-8")],
)
def test_a_file_that_cannot_be_read_is_a_wrong_command(
    samples: Any, file: Path, content: bytes | None, reason: str
) -> None:
    if content is not None:
        file.write_bytes(content)
    ran = samples("search", "--questions", file)
    assert (ran.code, ran.out) == (2, "")
    assert f"The file of questions {file} cannot be read: {reason}." in ran.err
