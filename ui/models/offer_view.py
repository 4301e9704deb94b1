"""One model on the screen: what it is, how it would run, its download, and what to do with it.

Shows values that it is given; what is asked of it is told by signals.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from rag.types import ModelOffer, ModelState
from ui.models.download_bar import DownloadBar
from ui.models.downloads import Download, size_in_words
from ui.models.offer_words import ModelAction, facts, next_action, removal, removal_question
from ui.models.question_bar import QuestionBar
from ui.models.shelf import Standing
from ui.parts import label
from ui.style import change_look, set_look
from ui.tokens import LARGE, MEDIUM, SMALL, TIGHT

_RIGHT_ONE = "The right one for this computer"


class OfferView(QFrame):
    """A row of the list, or the card of the model that is recommended."""

    asked = Signal(str, object)  # the model's name and a ModelAction
    removal_asked = Signal(str)  # the model's name
    grew = Signal()  # a question came that may be out of sight

    def __init__(self, offer: ModelOffer, *, is_card: bool = False, is_brief: bool = False) -> None:
        """A brief one leaves out how it would run, which then is said beside it, and its note."""
        super().__init__()
        self._is_card = is_card
        self._is_brief = is_brief
        self._offer = offer
        self._action: ModelAction | None = None
        set_look(self, "card" if is_card else "row")
        self._caption = label("caption", _RIGHT_ONE)
        self._title = label("title")
        self._facts = label("fine")
        self._fit = label("")
        self._note = label("muted")
        self._doing = label("muted")
        self._bar = DownloadBar()
        self._failure = label("reason")
        self._button = QPushButton()
        self._remove = QPushButton()
        self._question = QuestionBar()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        set_look(self._remove, "link")
        for button in (self._button, self._remove):
            button.setAutoDefault(False)
        words = QVBoxLayout()
        words.setSpacing(TIGHT)
        for part in (self._caption, self._title, self._facts, self._fit, self._note):
            words.addWidget(part)
        buttons = QVBoxLayout()
        buttons.setSpacing(TIGHT)
        buttons.addWidget(self._button)
        buttons.addWidget(self._remove, alignment=Qt.AlignmentFlag.AlignRight)
        buttons.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(MEDIUM)
        row.addLayout(words, 1)
        row.addLayout(buttons)
        column = QVBoxLayout(self)
        side = LARGE if self._is_card else MEDIUM
        above = MEDIUM if self._is_card else SMALL
        column.setContentsMargins(side, above, side, MEDIUM)
        column.setSpacing(SMALL)
        column.addLayout(row)
        below: tuple[QWidget, ...] = (self._doing, self._bar, self._failure, self._question)
        for widget in below:
            column.addWidget(widget)
        self._caption.setVisible(self._is_card)

    def _connect(self) -> None:
        self._button.clicked.connect(self._ask)
        self._remove.clicked.connect(self._ask_whether_to_remove)

    @property
    def name(self) -> str:
        """The model's name."""
        return self._offer.name

    def show_offer(self, offer: ModelOffer, standing: Standing) -> None:
        """Show a model and what is going on with it."""
        self._offer = offer
        self._title.setText(offer.title)
        self._facts.setText(facts(offer))
        self._facts.setToolTip(offer.path)
        download = standing.download
        _say(self._fit, "" if self._is_brief else offer.fit)
        _say(self._note, "" if self._is_brief else offer.note)
        _say(self._doing, standing.doing)
        _say(self._failure, standing.failure or (download.reason if download else ""))
        self._show_fitting(offer.is_fitting)
        self._show_actions(standing)
        self.show_download(download)

    def show_download(self, download: Download | None) -> None:
        """Show how far the model's download has come; None where there is none."""
        self._bar.show_download(download)

    def _show_fitting(self, is_fitting: bool) -> None:
        """One that does not fit is grey, and its line on the fit says why."""
        change_look(self._title, "title" if is_fitting else "dim-title")
        change_look(self._fit, "" if is_fitting else "muted")

    def _show_actions(self, standing: Standing) -> None:
        action = next_action(self._offer, standing.download, is_busy=bool(standing.doing))
        ends_something = action in (ModelAction.PAUSE, ModelAction.STOP)
        self._action = action
        self._button.setText(self._words_for(action, is_new=standing.is_new))
        self._button.setEnabled(self._offer.is_fitting or ends_something)
        self._button.setVisible(action is not None)
        is_step = self._is_card and not ends_something
        change_look(self._button, "primary" if is_step or standing.is_new else "")
        self._remove.setText(removal(self._offer))
        self._remove.setVisible(bool(self._remove.text()) and not standing.doing)
        in_use = "In use · " if self._offer.state is ModelState.IN_USE else ""
        self._caption.setText(in_use + _RIGHT_ONE)
        self._name_parts(is_reached=action is not None and self._button.isEnabled())

    def _name_parts(self, *, is_reached: bool) -> None:
        """For those who hear the window: what has no button that works is reached by itself."""
        title, rest = self._offer.title, f"{self._facts.text()}. {self._offer.fit}"
        self._button.setAccessibleName(f"{self._button.text()}: {title}")
        self._button.setAccessibleDescription(rest)
        self._remove.setAccessibleName(f"{self._remove.text()} {title}")
        self.setAccessibleName(f"{title}, {rest}")
        policy = Qt.FocusPolicy.NoFocus if is_reached else Qt.FocusPolicy.TabFocus
        self.setFocusPolicy(policy)

    def _words_for(self, action: ModelAction | None, *, is_new: bool) -> str:
        if action is ModelAction.USE and is_new:
            return "Use it now"
        if action is ModelAction.GET and self._is_card:
            return f"Get it, {size_in_words(self._offer.size_bytes)}"
        if action is ModelAction.USE and self._is_card:
            return "Use it"
        return action or ""

    def _ask(self) -> None:
        if self._action is not None:
            self.asked.emit(self._offer.name, self._action)

    def _ask_whether_to_remove(self) -> None:
        name = self._offer.name
        self._question.ask(
            removal_question(self._offer),
            {removal(self._offer).rstrip("…"): lambda: self.removal_asked.emit(name)},
            refusal="Keep it",
        )
        self.grew.emit()


def _say(place: QLabel, words: str) -> None:
    place.setText(words)
    place.setVisible(bool(words))
