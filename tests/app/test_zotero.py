"""A file in a Zotero storage leads back to its item; others lead nowhere."""

from pathlib import Path
from typing import Any

import pytest

from app.zotero import zotero_link
from rag.documents import find_files


def test_a_stored_file_leads_to_its_item() -> None:
    path = "/home/ada/Zotero/storage/7XK3PQ2R/Bees 2020.pdf"
    assert zotero_link(path) == "zotero://select/library/items/7XK3PQ2R"


@pytest.mark.parametrize(
    "path", ["/papers/7XK3PQ2R/a.pdf", "/storage/7XK3PQ2/a.pdf", "/storage/0XK3PQ2R/a.pdf", "a.pdf"]
)
def test_a_file_elsewhere_leads_nowhere(path: str) -> None:
    assert zotero_link(path) == ""


def test_a_storage_is_a_folder_of_its_files(tmp_path: Path) -> None:
    for name in ("7XK3PQ2R/a.pdf", "7XK3PQ2R/.zotero-ft-cache", "8XK3PQ2R/b.html"):
        (tmp_path / "storage" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "storage" / name).touch()
    found = [path.name for path in find_files([tmp_path])]
    assert found == ["a.pdf", "b.html"]


def test_the_list_of_documents_gives_the_link(deskbook: Any, tmp_path: Path) -> None:
    stored = tmp_path / "mine" / "storage" / "7XK3PQ2R"
    stored.mkdir(parents=True)
    for path in (stored / "bees.md", tmp_path / "mine" / "ants.md"):
        path.write_text(f"Of {path.stem} and their nests.\n", encoding="utf-8")
    deskbook("add", tmp_path / "mine")
    links = [line["zotero"] for line in deskbook("documents", "--json").lines]
    assert links == [None, "zotero://select/library/items/7XK3PQ2R"]
