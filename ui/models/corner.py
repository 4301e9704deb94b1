"""What in the window has to do with models, connected: their shelf, dialog, and places of mention.

The places of mention are the line at the window's foot and the invitation in an empty conversation.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.messages import Ready
from ui.actions import Actions
from ui.link import EngineLink
from ui.models.dialog import ModelsDialog
from ui.models.downloads import Download
from ui.models.invitation import Invitation
from ui.models.shelf import ModelShelf
from ui.remembered import Remembered
from ui.status import StatusLine


class ModelsCorner(QObject):
    """Shows the models where they are asked for."""

    def __init__(
        self,
        link: EngineLink,
        actions: Actions,
        status: StatusLine,
        remembered: Remembered,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self.shelf = ModelShelf(link, self)
        self.invitation = Invitation(self.shelf, remembered)
        self._window = window
        self._line = status.downloads
        self._dialog: ModelsDialog | None = None  # made when it is first asked for
        self._answering: str | None = None  # the name of the model that answers
        actions.models.triggered.connect(self.show_dialog)
        status.models_asked.connect(self.show_dialog)
        link.ready.connect(self._note_ready)
        self._connect()

    def _connect(self) -> None:
        shelf = self.shelf
        self.invitation.asked.connect(shelf.act)
        self.invitation.others_asked.connect(self.show_dialog)
        self._line.models_asked.connect(self.show_dialog)
        self._line.use_asked.connect(shelf.use)
        shelf.fetching.progressed.connect(self._show_downloads)
        shelf.fetching.fetched.connect(self._show_fetched)
        shelf.changed.connect(self._forget_used)

    def show_dialog(self) -> ModelsDialog:
        """Show the models, beside the window."""
        if self._dialog is None:
            self._dialog = ModelsDialog(self.shelf, self._window)
        self._dialog.show()
        self._dialog.raise_()
        return self._dialog

    def offer_import(self, paths: Sequence[str]) -> None:
        """Ask how these models are to be taken over."""
        if paths:
            self.show_dialog().offer_import(paths)

    def _note_ready(self, ready: Ready) -> None:
        """Which models there are is asked for when another one answers."""
        self.invitation.show_ready(ready)
        if ready.model != self._answering:
            self._answering = ready.model
            self.shelf.refresh()

    def _show_downloads(self) -> None:
        self._line.show_downloads(self.shelf.fetching.downloads)

    def _show_fetched(self, download: Download) -> None:
        self._line.show_fetched(download)
        self._show_downloads()

    def _forget_used(self) -> None:
        if (in_use := self.shelf.in_use) is not None:
            self._line.forget_fetched(in_use.name)
