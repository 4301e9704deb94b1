"""Reading in a process of its own: what a bad file costs, and that nothing outlives anyone."""

import logging
import multiprocessing
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil
import pytest

from rag.documents import child, read, sandbox
from rag.documents.sandbox import ReaderProcess
from rag.errors import DamagedFile, PasswordNeeded, ReaderLimit, Stopped

PDFS = Path(__file__).parents[2] / "data" / "pdfs"


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.md"
    path.write_text("# Bees\n\nBees fly.")
    return path


@pytest.fixture(scope="session")
def slow_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that takes the reader many seconds and much memory."""
    path = tmp_path_factory.mktemp("slow") / "slow.md"
    path.write_text("*a* [b](c) `d` **e**\n\n" * 200_000)
    return path


@pytest.fixture
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as reader:
        yield reader
    assert not readers()


def readers() -> list[BaseProcess]:
    """The reader processes of this one; other tests may have other children."""
    return [child for child in multiprocessing.active_children() if child.name == "reader"]


def never() -> bool:
    return False


def reader_pid() -> int:
    (process,) = readers()
    assert process.pid is not None
    return process.pid


def test_one_process_reads_many_files(reader: ReaderProcess, note: Path) -> None:
    assert reader.read(note, is_stopped=never).title == "Bees"
    first = reader_pid()
    assert reader.read(note, is_stopped=never).text == "# Bees\n\nBees fly."
    assert reader_pid() == first


def test_what_a_reader_says_of_a_file_comes_through(reader: ReaderProcess, note: Path) -> None:
    (encrypted,) = PDFS.glob("005*.pdf")
    with pytest.raises(PasswordNeeded, match="is protected with a password") as failure:
        reader.read(encrypted, is_stopped=never)
    assert failure.value.remedy.startswith("Click it in the library to enter the password")
    with pytest.raises(DamagedFile, match="There is no file"):
        reader.read(note.with_name("gone.md"), is_stopped=never)


def test_a_file_that_takes_too_long_is_given_up(slow_file: Path, note: Path) -> None:
    with ReaderProcess(timeout_s=0.4) as reader:
        with pytest.raises(ReaderLimit, match=r"“slow.md” took more than 1 seconds"):
            reader.read(slow_file, is_stopped=never)
        assert reader.read(note, is_stopped=never).title == "Bees"


def test_a_file_that_takes_too_much_memory_is_given_up(slow_file: Path, note: Path) -> None:
    with ReaderProcess(memory_limit_bytes=150 << 20) as reader:
        with pytest.raises(ReaderLimit, match=r"“slow.md” took more than 150 MB of memory"):
            reader.read(slow_file, is_stopped=never)
        assert reader.read(note, is_stopped=never).title == "Bees"


def test_a_reader_that_dies_costs_its_file_alone(
    reader: ReaderProcess, slow_file: Path, note: Path
) -> None:
    def kill_it() -> bool:
        for process in readers():
            process.kill()
        return False

    reader.read(note, is_stopped=never)
    with pytest.raises(ReaderLimit, match=r"broke down over “slow.md”"):
        reader.read(slow_file, is_stopped=kill_it)
    assert reader.read(note, is_stopped=never).title == "Bees"


def test_a_reader_that_someone_kills_is_replaced_and_the_file_read_again(
    reader: ReaderProcess, note: Path
) -> None:
    note.write_text("*a* [b](c) `d` **e**\n\n" * 5_000)
    kills = iter([lambda: readers()[0].kill()])

    def kill_once() -> bool:
        for kill in kills:
            kill()
        return False

    assert reader.read(note, is_stopped=kill_once).text.count("`d`") == 5_000


def test_a_large_file_is_given_more_time(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(30 << 20)
    assert ReaderProcess(timeout_s=10)._limit_s(child.WholeFile(path, ())) == 40


def test_a_reader_that_died_between_two_files_is_replaced(
    reader: ReaderProcess, note: Path
) -> None:
    reader.read(note, is_stopped=never)
    (process,) = readers()
    process.kill()
    process.join()
    assert reader.read(note, is_stopped=never).title == "Bees"


def test_a_stop_is_heard_while_a_file_is_read(
    reader: ReaderProcess, slow_file: Path, note: Path
) -> None:
    reader.read(note, is_stopped=never)
    began = time.monotonic()
    with pytest.raises(Stopped):
        reader.read(slow_file, is_stopped=lambda: time.monotonic() > began + 0.2)
    assert time.monotonic() < began + 1
    assert not readers()


def test_reading_halts_while_something_else_goes_first(
    reader: ReaderProcess, slow_file: Path, note: Path
) -> None:
    reader.read(note, is_stopped=never)
    process, used_s, began = psutil.Process(reader_pid()), [], time.monotonic()

    def must_wait() -> bool:
        used_s.append(sum(process.cpu_times()[:2]))
        return True

    with pytest.raises(Stopped):
        reader.read(slow_file, is_stopped=lambda: time.monotonic() > began + 2, must_wait=must_wait)
    assert used_s[-1] - used_s[len(used_s) // 2] < 0.1


def test_reading_goes_on_when_it_need_not_wait_any_more(note: Path) -> None:
    note.write_text("*a* [b](c) `d` **e**\n\n" * 5_000)
    waits = iter([True] * 20)
    with ReaderProcess(timeout_s=30) as reader:
        read_slowly = reader.read(note, is_stopped=never, must_wait=lambda: next(waits, False))
    assert read_slowly.text.count("`d`") == 5_000
    assert next(waits, False) is False


def test_a_process_that_has_read_enough_is_replaced(
    reader: ReaderProcess, note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "READS_A_CHILD", 2)
    pids = []
    for _ in range(4):
        reader.read(note, is_stopped=never)
        pids.append(reader_pid())
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_what_no_reader_foresaw_is_a_damaged_file_and_is_logged(
    note: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(path: Path) -> None:
        raise RecursionError("deep inside a library")

    failure = child.reply(note, fail)  # type: ignore[arg-type]
    assert isinstance(failure, child.Failure)
    with caplog.at_level(logging.ERROR):
        told = sandbox._told(failure, note)
    assert told.what.startswith("“note.md” cannot be read: it is damaged")
    assert "RecursionError: deep inside a library" in caplog.text


def test_what_a_library_said_of_a_damaged_file_is_kept_for_the_log(tmp_path: Path) -> None:
    (tmp_path / "bad.docx").write_text("no package")
    failure = child.reply(tmp_path / "bad.docx", read)
    assert isinstance(failure, child.Failure)
    assert failure.what == "“bad.docx” is damaged or no Word document."
    assert "BadZipFile" in failure.trace
    missing = child.reply(tmp_path / "gone.docx", read)
    assert isinstance(missing, child.Failure)
    assert missing.trace == ""


def test_a_limit_that_a_reader_knows_comes_through_as_one(
    reader: ReaderProcess, tmp_path: Path
) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", bytes(130 << 20))
    with pytest.raises(ReaderLimit, match=r"“bomb.docx” unpacks to more than"):
        reader.read(path, is_stopped=never)


PARENT = """
import multiprocessing
from pathlib import Path
from rag.documents.sandbox import ReaderProcess

def tell_pid():
    for process in multiprocessing.active_children():
        print(process.pid, flush=True)
    return False

if __name__ == "__main__":
    with ReaderProcess() as reader:
        reader.read(Path({note!r}), is_stopped=lambda: False)
        reader.read(Path({slow!r}), is_stopped=tell_pid, must_wait=lambda: {waits})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("waits", [False, True])
def test_a_reader_busy_or_halted_ends_when_its_parent_is_killed(
    slow_file: Path, note: Path, tmp_path: Path, waits: bool
) -> None:
    program = tmp_path / "parent.py"
    program.write_text(PARENT.format(note=str(note), slow=str(slow_file), waits=waits))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(
        [sys.executable, program], stdout=subprocess.PIPE, env=environment
    ) as parent:
        assert parent.stdout is not None
        orphan = psutil.Process(int(parent.stdout.readline()))
        time.sleep(0.3)  # until it has halted
        parent.kill()
        _, alive = psutil.wait_procs([orphan], timeout=3)
    assert not alive
