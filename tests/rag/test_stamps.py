"""Whether a file has changed: a stat where it suffices, the bytes where it does not."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pytest

from rag.catalog import KnownFile
from rag.errors import DamagedFile
from rag.stamps import stamp_of, still_holds
from rag.types import State


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.md"
    path.write_text("Bees")
    return path


def known_as_it_is(path: Path) -> KnownFile:
    return KnownFile("d", str(path), State.READY, stamp_of(path, None))


def test_a_stamp_is_size_date_and_hash(note: Path) -> None:
    stamp = stamp_of(note, None)
    assert (stamp.size_bytes, stamp.modified_ns) == (4, note.stat().st_mtime_ns)
    assert stamp.content_hash == hashlib.sha256(b"Bees").hexdigest()


def test_a_file_with_the_same_size_and_date_is_not_read(note: Path) -> None:
    known = known_as_it_is(note)
    modified_ns = note.stat().st_mtime_ns
    note.write_text("Ants")
    os.utime(note, ns=(modified_ns, modified_ns))
    assert stamp_of(note, known) == known.stamp


def test_a_file_with_another_date_is_read(note: Path) -> None:
    known = known_as_it_is(note)
    note.write_text("Ants")
    os.utime(note, (1, 1))
    assert stamp_of(note, known).content_hash == hashlib.sha256(b"Ants").hexdigest()


def test_a_file_holds_what_it_held_until_it_changes_or_goes(note: Path) -> None:
    known = known_as_it_is(note)
    os.utime(note, (1, 1))
    assert still_holds(known)
    note.write_text("Wasps")
    assert not still_holds(known)
    note.unlink()
    assert not still_holds(known)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    missing = tmp_path / "gone.md"
    with pytest.raises(DamagedFile) as failure:
        stamp_of(missing, None)
    assert str(failure.value) == (
        f"There is no file or folder {missing}. Check the name and add it again."
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a folder may not be opened there")
def test_what_the_system_cannot_read_is_told_in_its_words(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match=r"cannot be read: File name too long\. Check the disk"):
        stamp_of(tmp_path / ("x" * 300), None)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(DamagedFile, match="no file but a pipe"):
        stamp_of(tmp_path / "pipe.md", None)
