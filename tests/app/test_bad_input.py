"""Bad input: one sentence each that says what is wrong and what to do, and the rest goes on."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest

from app.settings import ASSETS

ROOT = Path(__file__).parents[2]
ODD_PDFS = ROOT / "tests" / "data" / "pdfs"
ALL_PDFS = ROOT.parent / "shared" / "data" / "pdfs"
PASSWORD_PDF = ODD_PDFS / "005-libreoffice-writer-password_libreoffice-writer-password.pdf"
PICTURE_PDF = ODD_PDFS / "007-imagemagick-images_imagemagick-ASCII85Decode.pdf"
MANUAL = ASSETS / "samples" / "weather-station-manual.pdf"


def only_sentence(err: str) -> str:
    """The one line of standard error, which is no traceback."""
    (line,) = err.splitlines()
    assert line.startswith("deskbook: ")
    return line


def make_missing(path: Path) -> str:
    return "failed"


def make_empty(path: Path) -> str:
    path.touch()
    return "no_text"


def make_unsupported(path: Path) -> str:
    path.write_bytes(b"PK\3\4")
    return "unsupported"


def make_protected(path: Path) -> str:
    shutil.copy(PASSWORD_PDF, path)
    return "password"


def make_damaged(path: Path) -> str:
    path.write_bytes(MANUAL.read_bytes()[:900])
    return "failed"


def make_pictures(path: Path) -> str:
    shutil.copy(PICTURE_PDF, path)
    return "no_text"


def make_half(path: Path) -> str:
    word = docx.Document()
    word.add_paragraph("Bees fly.")
    word.save(str(path))
    path.write_bytes(path.read_bytes()[:-3_000])
    return "failed"


def make_bomb(path: Path) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", bytes(80 << 20))
    return "failed"


def make_link_to_itself(path: Path) -> str:
    path.symlink_to(path)
    return "failed"


def make_link_to_nowhere(path: Path) -> str:
    path.symlink_to(path.with_name("nowhere"))
    return "failed"


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("missing.md", make_missing, "There is no file or folder {path}. Check the name"),
        ("empty.txt", make_empty, "empty.txt is empty. Add it again when"),
        ("song.mp3", make_unsupported, "is of a kind that Deskbook does not read. Save"),
        ("secret.pdf", make_protected, "password"),
        ("damaged.pdf", make_damaged, "damaged"),
        ("scan.pdf", make_pictures, "no text that could be found on them"),
        ("link.md", make_link_to_nowhere, "There is no file or folder {path}."),
        ("loop.md", make_link_to_itself, "{path} cannot be read: Too many levels of symbolic"),
        ("half.docx", make_half, "“half.docx” is damaged or no Word document. Open it in"),
        ("bomb.zip", make_bomb, "“bomb.zip” unpacks to more than 64 MB and was left out. Unpack"),
    ],
)
def test_a_file_that_cannot_be_added_is_named_with_its_reason(
    own_samples: Any, tmp_path: Path, name: str, make: Any, said: str
) -> None:
    path = tmp_path / name
    state = make(path)
    ran = own_samples("add", path, MANUAL, "--json", "--quiet")
    assert ran.code == 1
    bad, good = sorted(ran.lines, key=lambda line: line["path"] != str(path))  # a scan comes last
    assert (bad["path"], bad["state"], bad["passages"]) == (str(path), state, 0)
    assert said.format(path=path) in bad["reason"]
    assert good["state"] == "unchanged"
    assert bad["reason"] in only_sentence(ran.err)
    assert name in ran.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_a_file_that_may_not_be_read_is_named(own_samples: Any, note: Path) -> None:
    note.chmod(0)
    ran = own_samples("add", note, "--quiet")
    assert ran.code == 1
    assert "may not be read" in only_sentence(ran.err)


def test_a_folder_of_which_some_files_are_bad_is_added_but_for_these(
    deskbook: Any, tmp_path: Path
) -> None:
    add_folder(deskbook, tmp_path / "folder", count=120)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_folder_with_a_thousand_files_too(deskbook: Any, tmp_path: Path) -> None:
    add_folder(deskbook, tmp_path / "folder", count=1000)


def add_folder(deskbook: Any, folder: Path, *, count: int) -> None:
    """Of ten files one is damaged and one of no kind that is read; all others come in."""
    folder.mkdir()
    bad = set()
    for number in range(count):
        path = folder / f"{number:04}.md"
        if number % 10 == 3:
            path = path.with_suffix(".pdf")
            path.write_bytes(b"%PDF-1.7 and no more")
        elif number % 10 == 7:
            path = path.with_suffix(".bin")
            path.write_bytes(bytes(number))
        else:
            path.write_text(f"Note {number} tells of bird {number}.\n")
            continue
        bad.add(str(path))
    ran = deskbook("add", folder, "--json", "--quiet")
    assert ran.code == 1
    assert {line["path"] for line in ran.lines if line["state"] != "ready"} == bad
    assert len(ran.lines) == count
    assert all(path in ran.err for path in bad)
    assert len(ran.err.splitlines()) == len(bad)
    ready = [line for line in deskbook("documents", "--json").lines if line["state"] == "ready"]
    assert len(ready) == count - len(bad)
    assert not deskbook("doctor", "--json").err


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(not ALL_PDFS.is_dir(), reason="the collection of PDFs is not here")
def test_every_pdf_of_the_collection_gets_a_verdict(deskbook: Any) -> None:
    ran = deskbook("add", *sorted(ALL_PDFS.glob("*.pdf")), "--json", "--quiet")
    states = {Path(line["path"]).name[:3]: line["state"] for line in ran.lines}
    assert ran.code == 1
    assert states["005"] == "password"
    assert states["007"] == states["019"] == "no_text"
    assert states["009"] == states["026"] == "ready"
    assert [number for number, state in states.items() if state == "failed"] == ["017"]


def test_a_file_whose_name_is_no_text_costs_itself_alone(deskbook: Any, note: Path) -> None:
    odd = note.with_name("odd \udcff.md")
    try:
        odd.write_text("A name in an encoding of its own.")
    except (OSError, UnicodeError):
        pytest.skip("this file system has no such names")
    ran = deskbook("add", odd, note, "--json", "--quiet")
    assert [line["state"] for line in ran.lines] == ["failed", "ready"]
    assert "odd ?.md is written in an unknown encoding. Rename it" in only_sentence(ran.err)


def test_a_name_may_be_any_text_and_is_told_on_one_line(deskbook: Any, note: Path) -> None:
    names = ["two\nlines.md", "bees 🐝.md", "\x1b[2Jcleared.md", "blank.\n.pdf"]
    if sys.platform == "win32":
        names = ["bees 🐝.md"]
    for name in names:
        (note.parent / name).write_text(f"{name} tells of itself")
    ran = deskbook("add", note, *(note.parent / name for name in names), "--json", "--quiet")
    states = {Path(line["path"]).name: line["state"] for line in ran.lines}
    assert states == {note.name: "ready"} | {
        name: "failed" if name.endswith(".pdf") else "ready" for name in names
    }
    if sys.platform != "win32":
        assert "blank.␊.pdf” is damaged" in only_sentence(ran.err)
    shown = deskbook("documents").out
    assert "\x1b" not in shown
    failed_count = sum(state == "failed" for state in states.values())  # each with its reason
    assert len(shown.split("\n")) == len(states) + failed_count + 1


def test_a_folder_that_holds_itself_is_walked_once(deskbook: Any, note: Path) -> None:
    (note.parent / "inside").mkdir()
    (note.parent / "inside" / "again").symlink_to(note.parent)
    ran = deskbook("add", note.parent, "--json", "--quiet")
    assert [(line["path"], line["state"]) for line in ran.lines] == [(str(note), "ready")]


def test_a_file_in_two_folders_is_one_document_in_both_collections(
    deskbook: Any, note: Path
) -> None:
    copy = note.parent / "copies" / note.name
    copy.parent.mkdir()
    shutil.copy(note, copy)
    deskbook("add", note, "--quiet", "--collection", "One")
    ran = deskbook("add", copy, "--json", "--quiet", "--collection", "Two")
    assert (ran.code, ran.line["state"]) == (0, "duplicate")
    (document,) = deskbook("documents", "--json").lines
    assert document["path"] == str(note)
    note.unlink()
    assert deskbook("add", copy, "--json", "--quiet").line["state"] == "unchanged"
    (document,) = deskbook("documents", "--json").lines
    assert document["path"] == str(copy)


def test_a_network_drive_that_goes_away_costs_its_files_alone(
    deskbook: Any, note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = note.with_name("away.md")
    away.write_text("On the server.")
    digest = hashlib.file_digest

    def digest_unless_away(file: Any, name: str) -> Any:
        if file.name == str(away):
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        return digest(file, name)

    with monkeypatch.context() as patch:
        patch.setattr(hashlib, "file_digest", digest_unless_away)
        ran = deskbook("add", away, note, "--json", "--quiet")
    assert [line["state"] for line in ran.lines] == ["failed", "ready"]
    assert f"{away} cannot be read: {os.strerror(errno.ESTALE)}" in only_sentence(ran.err)
    assert deskbook("add", away, "--json", "--quiet").line["state"] == "ready"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 40 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "deskbook-test", str(place)]
    if sys.platform != "linux" or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root on Linux can make a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_is_told_and_what_was_there_stays(
    deskbook: Any, note: Path, small_disk: Path, tmp_path: Path
) -> None:
    deskbook.data = small_disk / "data"
    assert deskbook("add", note, "--quiet").code == 0
    long = tmp_path / "long.txt"
    long.write_text("\n\n".join(f"Bird {n} sang near lake {n * n}." * 9 for n in range(20_000)))
    filler = small_disk / "filler"
    with filler.open("wb") as file:
        file.write(bytes(shutil.disk_usage(small_disk).free - (1 << 20)))
    ran = deskbook("add", long, "--json", "--quiet")
    assert ran.code == 3
    assert "cannot be written to" in only_sentence(ran.err)
    assert deskbook("search", "tomatoes", "--json").line["passages"]
    filler.unlink()
    long.write_text(long.read_text()[:9_000])
    assert deskbook("add", long, "--json", "--quiet").line["state"] == "ready"
    assert deskbook("doctor").code == 0


@pytest.mark.parametrize(
    "command",
    [("documents",), ("add", "x.md"), ("ask", "why?"), ("search", "why?"), ("text", "x")],
)
def test_a_data_folder_that_cannot_be_written_is_named(
    deskbook: Any, note: Path, command: tuple[str, ...]
) -> None:
    deskbook.data = note / "library"  # below a file: not even root can make that
    ran = deskbook(*command)
    assert (ran.code, ran.out) == (3, "")
    said = only_sentence(ran.err)
    assert f"The folder {deskbook.data} cannot be written to" in said
    assert "--data-dir" in said


def test_a_damaged_catalog_is_told_and_left_alone(deskbook: Any) -> None:
    deskbook("documents")
    catalog = deskbook.data / "catalog.sqlite3"
    for beside in deskbook.data.glob("catalog.sqlite3-*"):
        beside.unlink()
    catalog.write_bytes(b"no database at all, but somebody's" * 100)
    before = catalog.read_bytes()
    ran = deskbook("documents")
    assert ran.code == 3
    assert f"{catalog} is damaged" in only_sentence(ran.err)
    assert catalog.read_bytes() == before


def test_a_library_of_a_newer_deskbook_is_refused(deskbook: Any) -> None:
    deskbook("documents")
    with sqlite3.connect(deskbook.data / "catalog.sqlite3") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    ran = deskbook("documents")
    assert ran.code == 3
    assert "newer" in only_sentence(ran.err)


@pytest.mark.parametrize("command", [("documents",), ("add", "x.md"), ("ask", "why?")])
def test_a_second_program_on_the_same_library_is_told_so(
    samples: Any, command: tuple[str, ...]
) -> None:
    with samples.start("serve", "--port", "0") as first:
        assert "Deskbook answers at" in first.stderr.readline()
        second = samples(*command)
        first.kill()
        first.communicate()
    assert (second.code, second.out) == (3, "")
    said = only_sentence(second.err)
    assert f"The library in {samples.data} is open in another Deskbook. Close that one" in said
    assert samples("documents").code == 0  # the lock went with its holder


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("nonsense", "There is no model “nonsense”. Give the path of a GGUF file, or one of"),
        ("phi-4", "The model “phi-4” is not installed. Get it with “deskbook models get phi-4”."),
        ("./nowhere.gguf", "There is no model file “./nowhere.gguf”. Check the path"),
        (str(MANUAL), "“weather-station-manual.pdf” is no GGUF file. Choose a model file"),
    ],
)
def test_a_model_that_cannot_be_used_is_named(samples: Any, model: str, said: str) -> None:
    ran = samples("ask", "How long do the batteries last?", "--model", model)
    assert (ran.code, ran.out) == (3, "")
    assert said in only_sentence(ran.err)


def test_a_fault_of_our_own_names_the_log_and_shows_no_traceback(
    deskbook: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **more: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.commands.documents.run", broken)
    ran = deskbook("documents")
    assert (ran.code, ran.out) == (1, "")
    assert str(deskbook.data / "logs") in only_sentence(ran.err)
    assert "ZeroDivisionError" in deskbook.log()
