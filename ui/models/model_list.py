"""The models under their headings, the recommended one as a card on top.

A model keeps its widget for as long as it is listed, so that neither the focus nor a question that
is asked is lost when something else changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from rag.types import ModelOffer
from ui.models.downloads import Download
from ui.models.offer_view import OfferView
from ui.models.offer_words import sections
from ui.models.shelf import ModelShelf
from ui.parts import label
from ui.style import set_look
from ui.tokens import MEDIUM, SMALL

_AT_ONCE = 6  # new widgets before the window may paint again: some 30 ms


class ModelList(QScrollArea):
    """Shows what the shelf knows, and follows it."""

    asked = Signal(str, object)  # the model's name and a ModelAction
    removal_asked = Signal(str)  # the model's name

    def __init__(self, shelf: ModelShelf) -> None:
        super().__init__(widgetResizable=True)
        self._shelf = shelf
        self._views: dict[tuple[str, bool], OfferView] = {}  # by name and whether it is the card
        self._order: list[tuple[str, tuple[str, ...]]] = []
        self._headings: list[QWidget] = []
        self._content = content = QWidget()
        set_look(content, "pane")
        set_look(self, "pane")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Models")
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, SMALL, 0)
        self._column.setSpacing(SMALL)
        self._column.addStretch(1)
        self.setWidget(content)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.show_models)
        shelf.changed.connect(self.show_models)
        shelf.fetching.progressed.connect(self._show_progress)
        self.show_models()

    def show_models(self) -> None:
        """Show the models as the shelf knows them now; where many are new, a few at a time."""
        room = _AT_ONCE
        order: list[tuple[str, tuple[str, ...]]] = []
        for heading, offers in self._groups():
            shown = []
            for offer in offers:
                is_new = (offer.name, not heading) not in self._views
                if is_new and not room:
                    self._soon.start()
                    continue
                room -= is_new
                self._show(offer, is_card=not heading)
                shown.append(offer.name)
            if shown:
                order.append((heading, tuple(shown)))
        if order != self._order:
            self._order = order
            self._arrange()

    def bring_into_sight(self, widget: QWidget) -> None:
        """Scroll to a widget, if it is one of the list's, once it has its height."""
        if self._content.isAncestorOf(widget):
            QTimer.singleShot(0, widget, lambda: self.ensureWidgetVisible(widget))

    def _groups(self) -> Iterator[tuple[str, Sequence[ModelOffer]]]:
        """The models under their headings; the card has none."""
        card = self._shelf.recommended
        if card is not None:
            yield "", (card,)
        yield from sections(offer for offer in self._shelf.models if offer is not card)

    def _show(self, offer: ModelOffer, *, is_card: bool) -> None:
        key = (offer.name, is_card)
        if key not in self._views:
            self._views[key] = self._make(offer, is_card=is_card)
        self._views[key].show_offer(offer, self._shelf.standing(offer.name))

    def _make(self, offer: ModelOffer, *, is_card: bool) -> OfferView:
        view = OfferView(offer, is_card=is_card)
        view.asked.connect(self.asked)
        view.removal_asked.connect(self.removal_asked)
        view.grew.connect(lambda: self.bring_into_sight(view))
        return view

    def _arrange(self) -> None:
        """Put the widgets into their order; those of models that are gone go."""
        self._take_out_all()
        gone = dict(self._views)
        for heading, names in self._order:
            if heading:
                self._headings.append(self._put(label("caption", heading)))
            for name in names:
                self._put(gone.pop((name, not heading))).show()
        for key, view in gone.items():
            del self._views[key]
            view.hide()
            view.deleteLater()

    def _take_out_all(self) -> None:
        """By `removeWidget`: an item that is taken, and kept by Python, keeps an old height too."""
        for widget in (*self._headings, *self._views.values()):
            self._column.removeWidget(widget)
        for heading in self._headings:
            heading.deleteLater()
        self._headings = []

    def _put(self, widget: QWidget) -> QWidget:
        """Put a widget last, before the stretch."""
        place = self._column.count() - 1
        if place and isinstance(widget, QLabel):
            widget.setContentsMargins(0, MEDIUM, 0, 0)
        self._column.insertWidget(place, widget)
        return widget

    def _show_progress(self, download: Download) -> None:
        for is_card in (True, False):
            if view := self._views.get((download.name, is_card)):
                view.show_download(download)
