"""The log: it tells what happened and not what anybody's documents and questions say."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.logs import write_log


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, given back as it was."""
    logger = logging.getLogger()
    handlers, level = list(logger.handlers), logger.level
    yield logger
    for handler in logger.handlers:
        with contextlib.suppress(OSError):  # what a full disk does not take
            handler.close()
    logger.handlers, logger.level = handlers, level


def test_the_log_goes_to_its_file(tmp_path: Path, root: logging.Logger) -> None:
    file = write_log(tmp_path / "logs", name="engine", is_verbose=False)
    logging.getLogger("app.any").info("read %d pages", 7)
    assert file == tmp_path / "logs" / "engine.log"
    assert "INFO MainProcess app.any: read 7 pages" in file.read_text()


def test_verbose_shows_the_details_on_standard_error_too(
    tmp_path: Path, root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    write_log(tmp_path, name="deskbook", is_verbose=True)
    logging.getLogger("app.any").debug("in detail")
    assert "in detail" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_start(
    tmp_path: Path, root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    write_log(tmp_path / "file" / "logs", name="deskbook", is_verbose=False)
    logging.getLogger("app.any").error("lost")
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to be had")
def test_a_full_disk_is_no_traceback_for_a_person(
    tmp_path: Path, root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "deskbook.log").symlink_to("/dev/full")
    write_log(tmp_path, name="deskbook", is_verbose=False)
    logging.getLogger("app.any").info("lost")
    assert capsys.readouterr().err == ""


def test_it_names_no_document_no_question_and_no_text(own_samples: Any, note: Path) -> None:
    secret = note.rename(note.with_name("secret-diary.md"))
    own_samples("add", secret, note.with_name("secret-missing.md"))
    own_samples("search", "Is the secret tomato thirsty?")
    own_samples("text", "secret-unknown.pdf")
    own_samples("remove", "secret-diary.md")
    log = own_samples.log().lower()
    assert "unknowndocument" in log
    for word in ("secret", "tomato", "basil"):
        assert word not in log
