"""Which item of Zotero a file belongs to, told by where it lies. Reads nothing of Zotero's.

Zotero keeps each attachment in a folder of its own, `storage/KEY`, where the key is that of the
attachment (https://www.zotero.org/support/zotero_data).
"""

import re
from pathlib import Path

STORAGE = "storage"
KEY = re.compile(r"[23456789A-NP-Z]{8}")  # no 0, 1 and O, which look alike


def zotero_link(path: Path, *, page: int | None = None) -> str:
    """The link that shows the item in Zotero, or opens its PDF at a physical page (from 1).

    Empty where the file does not lie in a Zotero storage. An item of a group's library is not
    found by Zotero: the storage does not say which group's it is.
    """
    folder = path.parent
    if folder.parent.name != STORAGE or not KEY.fullmatch(folder.name):
        return ""
    if page is None:
        return f"zotero://select/library/items/{folder.name}"
    return f"zotero://open-pdf/library/items/{folder.name}?page={page}"
