"""The parts that an answer is laid out of: a quotation, words, a failure, the nearest passages.

Each shows values it is given and knows nothing of requests.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from rag.types import Citation, FoundPassage
from ui.conversation.rich_text import RichText
from ui.parts import label, selectable_label
from ui.places import Place
from ui.style import set_look
from ui.theme import Theme
from ui.tokens import MEDIUM, SMALL, TIGHT
from ui.wording import pages_in_words, shortened

_NEAREST_SHOWN = 4


class Block(QFrame):
    """A caption over words, in one of the looks: "quotation", "demonstration" or "answer"."""

    place_opened = Signal(object)  # Place

    def __init__(self, theme: Theme, *, look: str, caption: str) -> None:
        super().__init__()
        set_look(self, look)
        self.caption = label("caption", caption)
        self.words = RichText(theme, caption or "Answer")
        self.words.citation_opened.connect(self._open)
        column = QVBoxLayout(self)
        margin = SMALL if look == "demonstration" else 0
        column.setContentsMargins(margin and MEDIUM, margin, margin and MEDIUM, margin)
        column.setSpacing(TIGHT)
        column.addWidget(self.caption)
        self.caption.setVisible(bool(caption))  # now that it has a parent, and is no window
        column.addWidget(self.words)
        self.hide()

    def _open(self, citation: Citation) -> None:
        self.place_opened.emit(Place.of_citation(citation))


class Fold(QPushButton):
    """A line that shows or hides the widget beneath it."""

    def __init__(self, title: str, folded: QWidget) -> None:
        super().__init__()
        self.setCheckable(True)
        set_look(self, "link")
        self._title = title
        self._folded = folded
        self.toggled.connect(self._show_state)
        self._show_state(False)

    def _show_state(self, is_open: bool) -> None:
        self._folded.setVisible(is_open)
        self.setText(f"{'▾' if is_open else '▸'} {self._title}")


class FailureBlock(QFrame):
    """What went wrong, and what to do."""

    def __init__(self) -> None:
        super().__init__()
        set_look(self, "failure")
        self._what = selectable_label("bad")
        self._remedy = selectable_label("")
        column = QVBoxLayout(self)
        column.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        column.setSpacing(TIGHT)
        column.addWidget(self._what)
        column.addWidget(self._remedy)
        self.hide()

    def say(self, what: str, remedy: str) -> None:
        self._what.setText(what)
        self._remedy.setText(remedy)
        self.show()


class NearestPassages(QWidget):
    """The passages that came nearest to a question which the documents do not answer."""

    place_opened = Signal(object)  # Place

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(TIGHT)
        self._column.addWidget(label("caption", "The nearest passages"))
        self.hide()

    def show_passages(self, passages: Sequence[FoundPassage]) -> None:
        """Offer the first few of them."""
        for found in passages[:_NEAREST_SHOWN]:
            self._column.addWidget(self._entry(found))
        self.setVisible(bool(passages))

    def _entry(self, found: FoundPassage) -> QPushButton:
        pages = pages_in_words(found.passage.pages)
        where = " · ".join(filter(None, (shortened(found.title, 40), pages)))
        words = f"{where}\n{shortened(found.passage.text, 72)}".replace("&", "&&")
        entry = QPushButton(words)
        entry.setToolTip(shortened(found.passage.text, 600))
        set_look(entry, "entry")
        # However narrow the pane is: what does not fit is cut, and the tooltip has it all.
        entry.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        entry.clicked.connect(lambda: self.place_opened.emit(Place.of_passage(found)))
        return entry
