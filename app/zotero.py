"""Which item of Zotero a file belongs to, told by where it lies. Reads nothing of Zotero's.

Zotero keeps each attachment in a folder of its own, `storage/KEY`, where the key is that of the
attachment (https://www.zotero.org/support/zotero_data). Files that Zotero only links to lie
anywhere, and nothing in their paths tells of it.
"""

from __future__ import annotations

import re
from pathlib import Path

STORAGE = "storage"
KEY = re.compile(r"[23456789A-NP-Z]{8}")  # no 0, 1 and O, which look alike


def zotero_link(path: str) -> str:
    """The link that shows the file's item in Zotero; empty where it lies in no Zotero storage.

    An item of a group's library is not found: the storage does not say which group's it is.
    """
    folder = Path(path).parent
    if folder.parent.name != STORAGE or not KEY.fullmatch(folder.name):
        return ""
    return f"zotero://select/library/items/{folder.name}"
