"""The offer of the right model, in the conversation that is still empty, while only the starter is
there. Taken or turned away, it does not come back.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.messages import Ready
from rag.types import ModelState
from ui.models.downloads import Download
from ui.models.offer_view import OfferView
from ui.models.shelf import ModelShelf
from ui.parts import label
from ui.remembered import Remembered
from ui.style import set_look
from ui.tokens import SMALL

_PART = "model-invitation"
_UNTIL_THEN = (
    "Until then your documents are quoted word for word. That needs neither a model of this kind"
    " nor the network."
)


class Invitation(QWidget):
    """Hidden until it is known that no real model answers, and which would be the right one."""

    asked = Signal(str, object)  # the model's name and a ModelAction
    others_asked = Signal()

    def __init__(self, shelf: ModelShelf, remembered: Remembered) -> None:
        super().__init__()
        self._shelf = shelf
        self._remembered = remembered
        self._is_wanting = False  # no model but one for demonstration answers
        self._machine = label("muted", is_centered=True)
        self._view: OfferView | None = None  # once there is an offer
        self._others = _link("Other models…")
        self._dismiss = _link("Do not show this again")
        self._column = QVBoxLayout(self)
        self._lay_out()
        self._others.clicked.connect(self.others_asked)
        self._dismiss.clicked.connect(self._dismiss_it)
        shelf.changed.connect(self._show)
        shelf.fetching.progressed.connect(self._show_progress)
        self.hide()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._others)
        row.addWidget(self._dismiss)
        row.addStretch(1)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SMALL)
        self._column.addWidget(self._machine)
        self._column.addWidget(label("fine", _UNTIL_THEN, is_centered=True))
        self._column.addLayout(row)

    def show_ready(self, ready: Ready) -> None:
        """Another model answers, or none."""
        self._is_wanting = ready.is_demonstration or not ready.model
        self._show()

    def _show(self) -> None:
        offer = self._shelf.recommended
        is_offered = (
            self._is_wanting
            and offer is not None
            and offer.state is not ModelState.IN_USE
            and not offer.is_demonstration
            and not self._remembered.is_dismissed(_PART)
        )
        if is_offered and offer is not None:
            self._machine.setText(self._shelf.machine)
            if self._view is None:
                self._view = OfferView(offer, is_card=True, is_brief=True)
                self._view.asked.connect(self.asked)
                self._column.insertWidget(1, self._view)
            self._view.show_offer(offer, self._shelf.standing(offer.name))
        self.setVisible(is_offered)

    def _show_progress(self, download: Download) -> None:
        if self._view is not None and self._view.name == download.name:
            self._view.show_download(download)

    def _dismiss_it(self) -> None:
        self._remembered.dismiss(_PART)
        self.hide()


def _link(text: str) -> QPushButton:
    made = QPushButton(text)
    set_look(made, "link")
    return made
