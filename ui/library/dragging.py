"""Documents that are dragged within the window, as Qt carries them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData

DOCUMENTS = "application/x-deskbook-documents"


def dragged_documents(source: QMimeData) -> Sequence[str]:
    """Ids of the documents that are being dragged."""
    return bytes(source.data(DOCUMENTS).data()).decode().split()


def carry_documents(documents: Sequence[str]) -> QMimeData:
    """What carries these documents."""
    carried = QMimeData()
    carried.setData(DOCUMENTS, " ".join(documents).encode())
    return carried
