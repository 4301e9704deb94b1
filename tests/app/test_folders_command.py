"""`deskbook folders`: what is followed, what is left out, and what becomes of the documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    (folder / "drafts").mkdir(parents=True)
    (folder / "bees.md").write_text("# Bees\n\nThe hives stand in the orchard.\n")
    (folder / "drafts" / "wasps.md").write_text("# Wasps\n\nThey live under the roof.\n")
    return folder


def titles(deskbook: Any) -> list[str]:
    return [line["title"] for line in deskbook("documents", "--json").lines]


def test_a_folder_that_is_added_is_followed_without_what_is_left_out(
    deskbook: Any, folder: Path
) -> None:
    ran = deskbook("add", folder, "--leave-out", "drafts/", "--collection", "Insects", "--quiet")
    assert ran.code == 0
    assert titles(deskbook) == ["Bees"]
    assert deskbook("folders", "--json").line == {
        "path": str(folder),
        "collection": "Insects",
        "state": "followed",
        "looked_at": None,
        "left_out": ["drafts/"],
    }


def test_what_is_left_out_later_stays_unless_the_person_says_so(
    deskbook: Any, folder: Path
) -> None:
    assert deskbook("folders", "follow", folder, "--quiet").code == 0
    ran = deskbook("folders", "leave-out", "drafts/", "--in", folder, "--json")
    assert ran.line == {"pattern": "drafts/", "folder": str(folder)}
    assert "1 document of it stay" in ran.err
    assert titles(deskbook) == ["Bees", "Wasps"]
    deskbook("folders", "leave-out", "drafts/", "--in", folder, "--remove-documents")
    assert titles(deskbook) == ["Bees"]
    deskbook("folders", "leave-out", "drafts/", "--in", folder, "--no-longer")
    deskbook("add", folder)
    assert titles(deskbook) == ["Bees", "Wasps"]


def test_the_patterns_of_the_whole_library_are_shown_and_extended(deskbook: Any) -> None:
    assert "node_modules/" in deskbook("folders", "leave-out").out.splitlines()
    assert deskbook("folders", "leave-out", "*.log").out.splitlines()[-1] == "*.log"
    assert "*.log" not in deskbook("folders", "leave-out", "*.log", "--no-longer").out


def test_a_folder_is_followed_no_longer_and_its_documents_stay_or_go(
    deskbook: Any, folder: Path
) -> None:
    deskbook("add", folder)
    ran = deskbook("folders", "unfollow", folder, "--json")
    assert (ran.line["state"], len(ran.line["documents"])) == ("unfollowed", 2)
    assert titles(deskbook) == ["Bees", "Wasps"]
    assert deskbook("folders").out == ""
    deskbook("add", folder)
    deskbook("folders", "unfollow", folder, "--remove-documents")
    assert titles(deskbook) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["unfollow", "/nowhere"], "The folder /nowhere is not followed."),
        (["follow", "/nowhere"], "There is no folder /nowhere."),
        (["leave-out", "!"], "“!” is no pattern."),
    ],
)
def test_a_wrong_command_names_what_is_wrong(deskbook: Any, typed: list[str], said: str) -> None:
    ran = deskbook("folders", *typed)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
