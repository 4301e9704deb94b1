"""The bar of one download, with its line of words; hidden where nothing is downloaded."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from ui.models.downloads import Download, DownloadStage
from ui.parts import label
from ui.tokens import TIGHT

_STEPS = 1_000  # sizes in bytes are more than a bar can count


class DownloadBar(QWidget):
    """How far a download has come."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = QProgressBar(textVisible=False)
        self._words = label("fine")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addWidget(self._bar)
        column.addWidget(self._words)
        self.hide()

    def show_download(self, download: Download | None) -> None:
        """Show a download, or nothing."""
        self.setVisible(download is not None)
        if download is None:
            return
        is_unknown = download.stage is DownloadStage.RUNNING and not download.total_bytes
        self._bar.setRange(0, 0 if is_unknown else _STEPS)
        self._bar.setValue(round(download.share * _STEPS))
        self._bar.setAccessibleName(f"Download of {download.title}")
        self._words.setText(download.words)
