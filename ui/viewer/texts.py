"""The texts of notes, asked of the engine once and the last few kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QObject

from app.messages import DocumentText, EngineLost, Event, Failed, ReadText
from ui.link import EngineLink

_KEPT = 6


class Texts(QObject):
    """Reads texts through the engine."""

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._kept: OrderedDict[str, str] = OrderedDict()
        link.library_changed.connect(self._kept.clear)

    def read(
        self, document: str, on_text: Callable[[str], None], on_failure: Callable[[str], None]
    ) -> None:
        """Hand the document's text to `on_text`, or a sentence to `on_failure`."""
        if document in self._kept:
            self._kept.move_to_end(document)
            on_text(self._kept[document])
            return

        def on_event(event: Event) -> None:
            match event:
                case DocumentText():
                    self._keep(document, event.text)
                    on_text(event.text)
                case Failed() | EngineLost():
                    on_failure(f"{event.what} {event.remedy}")

        self._link.ask(lambda request: ReadText(request, document), on_event)

    def _keep(self, document: str, text: str) -> None:
        self._kept[document] = text
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
