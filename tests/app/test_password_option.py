"""`deskbook add --password`: through the real command line, and nothing of it left behind."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import psutil
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

ROOT = Path(__file__).parents[2]
REAL = ROOT / "tests" / "data" / "pdfs"
PASSWORD = "Bienenkönig-4711"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    return locked(tmp_path / "secret.pdf")


def locked(path: Path, password: str = PASSWORD, algorithm: str = "AES-256") -> Path:
    """A page with a password."""
    canvas = Canvas(str(path))
    canvas.drawString(60, 700, "Hold the PAIR key for three seconds.")
    canvas.save()
    writer = PdfWriter(clone_from=path)
    writer.encrypt(password, algorithm=algorithm)
    writer.write(path)
    return path


def typed(deskbook: Any, secret: Path, line: str | bytes) -> tuple[int, str, str]:
    """Add the file in a process of its own, with this on its standard input."""
    with deskbook.start(
        "add", secret, "--quiet", "--json", "--password", "-", stdin=subprocess.PIPE
    ) as process:
        if isinstance(line, str):
            out, err = process.communicate(line, timeout=90)
        else:
            process.stdin.buffer.write(line)
            out, err = process.communicate(timeout=90)
    return process.returncode, out, err


def test_each_password_is_tried_in_turn(deskbook: Any, secret: Path, tmp_path: Path) -> None:
    other = locked(tmp_path / "other.pdf", "another", "RC4-128")
    without = deskbook("add", secret, "--quiet", "--json")
    assert (without.code, without.line["state"]) == (1, "password")
    assert "add it with --password" in without.line["reason"]
    passwords = ("--password", "another", "--password", PASSWORD)
    ran = deskbook("add", secret, other, "--quiet", "--json", *passwords)
    assert [line["state"] for line in ran.lines] == ["ready", "ready"]
    assert deskbook("text", secret).out == deskbook("text", other).out
    assert "PAIR key" in deskbook("text", secret).out


def test_a_wrong_one_is_told_and_costs_its_file_alone(
    deskbook: Any, secret: Path, note: Path
) -> None:
    ran = deskbook("add", secret, note, "--quiet", "--json", "--password", "wrong-4711")
    assert ran.code == 1
    assert {line["state"] for line in ran.lines} == {"password", "ready"}
    assert "No password that was given opens “secret.pdf”. Check the capital" in ran.err
    assert "wrong-4711" not in ran.err + ran.out


@pytest.mark.parametrize("line", [f"{PASSWORD}\r\nmore", PASSWORD.encode()])
def test_a_dash_reads_it_from_standard_input(
    deskbook: Any, secret: Path, line: str | bytes
) -> None:
    code, out, err = typed(deskbook, secret, line)
    assert (code, err) == (0, "")
    assert '"state": "ready"' in out


@pytest.mark.parametrize(
    ("line", "said"),
    [("", "There is no password on standard input"), (b"\xff\xfe\n", "is no text in this")],
)
def test_an_input_without_a_password_is_a_wrong_command(
    deskbook: Any, secret: Path, line: str | bytes, said: str
) -> None:
    code, out, err = typed(deskbook, secret, line)
    assert (code, out) == (2, "")
    assert said in err


def test_on_a_terminal_it_is_asked_for_without_showing_it(
    deskbook: Any, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(prompt) or PASSWORD)
    ran = deskbook("add", secret, "--quiet", "--json", "--password", "-")
    assert (ran.code, asked) == (0, ["Password of the protected files: "])


class Terminal:
    """Standard input where a person types."""

    def isatty(self) -> bool:
        return True


def test_a_password_stands_in_no_log_no_catalog_and_no_process(deskbook: Any, secret: Path) -> None:
    with deskbook.start(
        "add", secret, "--verbose", "--password", "-", stdin=subprocess.PIPE
    ) as process:
        process.stdin.write(f"{PASSWORD}\n")
        process.stdin.flush()
        seen = set()
        for line in process.stderr:
            assert PASSWORD not in line
            seen |= command_lines(process.pid)
    assert process.returncode == 0
    assert len(seen) >= 2  # the program and its reader
    assert not [words for words in seen if PASSWORD in words]
    written = [path for path in deskbook.data.rglob("*") if path.is_file()]
    assert not [path for path in written if PASSWORD.encode() in path.read_bytes()]


def command_lines(pid: int) -> set[str]:
    """Of a process and all below it."""
    found = set()
    program = psutil.Process(pid)
    for process in (program, *program.children(recursive=True)):
        try:
            found.add(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


def test_an_office_file_and_an_archive_are_opened_too(deskbook: Any, tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph("The queen is called Ludmila.")
    document.save(tmp_path / "plain.docx")
    with (tmp_path / "plain.docx").open("rb") as plain, (tmp_path / "bees.docx").open("wb") as file:
        OOXMLFile(plain).encrypt(PASSWORD, file)
    ran = deskbook("add", tmp_path / "bees.docx", "--quiet", "--json", "--password", PASSWORD)
    assert ran.line["state"] == "ready"
    assert "Ludmila" in deskbook("text", "bees.docx").out


@pytest.mark.skipif(shutil.which("zip") is None, reason="needs zip, which encrypts")
def test_an_archive_with_a_password_is_unpacked(deskbook: Any, note: Path) -> None:
    archive = note.with_name("secret.zip")
    subprocess.run(
        ["zip", "-q", "-j", "-P", "bees", archive, note], check=True, stdin=subprocess.DEVNULL
    )
    assert zipfile.is_zipfile(archive)
    locked_out = deskbook("add", archive, "--quiet", "--json")
    assert (locked_out.code, locked_out.line["state"]) == (1, "password")
    ran = deskbook("add", archive, "--quiet", "--json", "--password", "bees")
    assert (ran.code, ran.line["state"]) == (0, "ready")


def test_what_was_read_stays_when_the_file_changes_and_nobody_knows_the_password(
    deskbook: Any, secret: Path
) -> None:
    deskbook("add", secret, "--quiet", "--password", PASSWORD)
    before = deskbook("text", secret).out
    assert deskbook("add", secret, "--quiet", "--json").line["state"] == "unchanged"
    locked(secret, "a new one")
    changed = deskbook("add", secret, "--quiet", "--json")
    assert (changed.code, changed.line["state"]) == (1, "password")
    assert deskbook("text", secret).out == before
    found = deskbook("search", "Which key for three seconds?", "--json").line["passages"]
    assert Path(found[0]["path"]) == secret


def test_a_real_protected_pdf_is_read_with_its_password(deskbook: Any) -> None:
    (path,) = REAL.glob("005*.pdf")
    ran = deskbook("add", path, "--quiet", "--json", "--password", "openpassword")
    assert (ran.code, ran.line["state"], ran.line["pages"]) == (0, "ready", 1)
    assert deskbook("text", path).out.startswith("Lorem ipsum dolor sit amet")


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are text there")
def test_an_argument_that_is_no_text_is_told(deskbook: Any, secret: Path) -> None:
    ran = deskbook("add", secret, "--password", "\udcff")
    assert (ran.code, ran.out) == (2, "")
    assert "Type it after --password -" in ran.err
