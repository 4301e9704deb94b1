"""The command line's ends: what is printed where, and the exit code for each kind of end."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.settings import ASSETS

ROOT = Path(__file__).parents[2]
NOTE = ASSETS / "samples" / "dew-point.md"


def test_help_names_the_commands_and_the_options(deskbook: Any) -> None:
    ran = deskbook("--help")
    assert ran.code == 0
    for word in ("add", "ask", "import-library", "--data-dir", "--json", "--verbose"):
        assert word in ran.out


def test_each_command_s_help_has_an_example(deskbook: Any) -> None:
    ran = deskbook("search", "--help")
    assert ran.code == 0
    assert "example: deskbook search" in ran.out


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["frobnicate"], "invalid choice: 'frobnicate'"),
        (["documents", "--frob"], "unrecognized arguments: --frob"),
        (["documents", "--js"], "unrecognized arguments: --js"),
        (["add"], "required: PATH"),
        (["ask"], "give a QUESTION or --questions FILE"),
        (["ask", "why?", "--questions", "file"], "and not both"),
        (["ask", "why?", "--mode", "oracle"], "invalid choice: 'oracle'"),
        (["search", "why?", "-k", "0"], "-k must be 1 or more"),
        (["search", "why?", "-k", "ten"], "invalid int value: 'ten'"),
        (["models"], "required: ACTION"),
        (["documents", "--collection"], "expected one argument"),
    ],
)
def test_a_wrong_command_is_told_and_ends_in_2(deskbook: Any, typed: list[str], said: str) -> None:
    ran = deskbook(*typed)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize("command", ["ask", "search"])
def test_an_empty_question_is_a_wrong_command(deskbook: Any, command: str) -> None:
    ran = deskbook(command, " ")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "deskbook: The question is empty. Type a question.\n"


@pytest.mark.parametrize(
    "typed",
    [
        ["--json", "documents", "--quiet"],
        ["documents", "--quiet", "--json"],
        ["--json", "--collection", "Library", "documents"],
        ["documents", "--collection=Library", "--json"],
        ["--collection", "Library", "--model", "starter", "documents", "--json", "--verbose"],
    ],
)
def test_options_stand_before_and_after_the_command(samples: Any, typed: list[str]) -> None:
    ran = samples(*typed)
    assert ran.code == 0
    assert len(ran.lines) == 4


def test_options_stand_between_the_paths(deskbook: Any, note: Path) -> None:
    ran = deskbook("add", note, "--json", ASSETS / "none.md", "--quiet", "no.md")
    # What needs no embedding has its verdict first.
    assert {Path(line["path"]).name for line in ran.lines} == {note.name, "none.md", "no.md"}


def test_what_follows_two_dashes_is_no_option(samples: Any) -> None:
    ran = samples("text", "--", "--json")
    assert ran.code == 1
    assert "no document '--json'" in ran.err
    assert samples("--", "documents").code == 0


def test_an_unknown_document_is_named(samples: Any) -> None:
    for command in ("text", "remove"):
        ran = samples(command, "nowhere.pdf")
        assert (ran.code, ran.out) == (1, "")
        assert "There is no document 'nowhere.pdf' in the library. `deskbook documents`" in ran.err


def test_remove_takes_out_what_is_there_and_names_what_is_not(own_samples: Any) -> None:
    ran = own_samples("remove", "nowhere.pdf", "dew-point.md", "--json")
    assert (ran.code, ran.line["state"]) == (1, "removed")
    assert "'nowhere.pdf'" in ran.err
    left = [Path(line["path"]).name for line in own_samples("documents", "--json").lines]
    assert len(left) == 3
    assert "dew-point.md" not in left
    assert NOTE.exists()


def test_documents_shows_states_and_counts_to_a_person(samples: Any) -> None:
    for line in samples("documents").out.splitlines():
        assert re.fullmatch(r"[0-9a-f]{12}  ready {7}\S.+ \((9 pages, )?\d+ passages\)  /.+", line)


def test_an_empty_library_says_what_to_do(deskbook: Any) -> None:
    listed = deskbook("documents")
    assert (listed.code, listed.out) == (0, "")
    assert "Add some with `deskbook add PATH`" in listed.err
    assert deskbook("documents", "--json", "--quiet").err == ""
    answer = deskbook("ask", "What is there?", "--json").line
    assert answer["abstained"] is True
    assert answer["answer"] == "There are no documents to answer from yet. Add some first."
    assert deskbook("search", "What is there?").out == "Nothing found.\n"


def test_a_collection_holds_what_was_added_to_it(deskbook: Any, note: Path) -> None:
    deskbook("add", note, "--collection", "Garden", "--quiet")
    deskbook("add", NOTE, "--quiet")
    listed = deskbook("documents", "--collection", "Garden", "--json").line
    assert (listed["path"], listed["collection"]) == (str(note), "Garden")
    for collection, names in (("Garden", {note.name}), ("Library", {NOTE.name})):
        found = deskbook("search", "water", "--collection", collection, "--json").line
        assert {Path(passage["path"]).name for passage in found["passages"]} == names


def test_text_comes_byte_for_byte(own_samples: Any, tmp_path: Path) -> None:
    odd = tmp_path / "odd.txt"
    odd.write_bytes("Ünïcode\r\nwith Windows' line ends,\tand no last one 🌧".encode())
    own_samples("add", odd, "--quiet")
    with own_samples.start("text", "odd.txt", env={"PYTHONIOENCODING": "ascii"}) as process:
        assert process.stdout.buffer.read() == odd.read_bytes()


def test_a_terminal_that_knows_no_umlaut_is_no_reason_to_stop(deskbook: Any, note: Path) -> None:
    strange = note.rename(note.with_name("Überblick ☂.md"))
    deskbook("add", strange, "--quiet")
    ascii_alone = {"PYTHONIOENCODING": "ascii"}
    shown = deskbook.run("documents", env=ascii_alone)
    assert (shown.code, shown.err) == (0, "")
    assert "?berblick ?.md" in shown.out
    listed = deskbook.run("documents", "--json", env=ascii_alone)
    assert listed.out.isascii()
    assert listed.line["path"] == str(strange)


@pytest.mark.skipif(sys.platform != "linux", reason="there is always a screen")
def test_without_a_screen_there_is_a_sentence_in_place_of_the_window(
    deskbook: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    ran = deskbook()
    assert (ran.code, ran.out) == (2, "")
    assert "There is no screen here to open the window on. Give a command" in ran.err


def test_the_same_program_is_called_deskbook(samples: Any) -> None:
    deskbook = Path(sys.executable).with_name("deskbook.exe" if os.name == "nt" else "deskbook")
    ran = subprocess.run(
        [deskbook, "documents", "--json", "--data-dir", samples.data],
        capture_output=True,
        timeout=60,
        check=True,
    )
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert lines == samples("documents", "--json").lines


def test_a_reader_that_has_seen_enough_ends_it_silently(samples: Any) -> None:
    for command in (["documents"], ["text", "dew-point.md"]):
        with samples.start(*command) as process:
            process.stdout.close()
            assert process.stderr.read() == ""
        assert process.returncode == 0


def test_progress_goes_to_standard_error_unless_it_shall_be_quiet(
    deskbook: Any, note: Path
) -> None:
    loud = deskbook("add", note)
    assert loud.err.splitlines() == [f"1 of 1: reading {note}", f"1 of 1: embedding {note}"]
    assert loud.out.startswith(f"ready: {note} (1 passage, ")
    quiet = deskbook("add", note, "--quiet")
    assert (quiet.out, quiet.err) == (f"unchanged: {note}\n", "")
