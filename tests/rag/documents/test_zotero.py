"""A file in a Zotero storage leads back to its item; others lead nowhere."""

from pathlib import Path

import pytest

from rag.documents import find_files
from rag.documents.zotero import zotero_link


def test_a_stored_file_leads_to_its_item_and_page() -> None:
    path = Path("/home/ada/Zotero/storage/7XK3PQ2R/Bees 2020.pdf")
    assert zotero_link(path) == "zotero://select/library/items/7XK3PQ2R"
    assert zotero_link(path, page=3) == "zotero://open-pdf/library/items/7XK3PQ2R?page=3"


@pytest.mark.parametrize(
    "path", ["/papers/7XK3PQ2R/a.pdf", "/storage/7XK3PQ2/a.pdf", "/storage/0XK3PQ2R/a.pdf", "a.pdf"]
)
def test_a_file_elsewhere_leads_nowhere(path: str) -> None:
    assert zotero_link(Path(path)) == ""


def test_a_storage_is_a_folder_of_its_files(tmp_path: Path) -> None:
    for name in ("7XK3PQ2R/a.pdf", "7XK3PQ2R/.zotero-ft-cache", "8XK3PQ2R/b.html"):
        (tmp_path / "storage" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "storage" / name).touch()
    found = [path.name for path in find_files([tmp_path])]
    assert found == ["a.pdf", "b.html"]
