"""How much of what the model can take in at once the conversation fills, small beside its title."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from rag.types import Tokens
from ui.style import set_look
from ui.tokens import SMALL

_WIDTH = 48
_PERCENT = 100


class ContextMeter(QWidget):
    """Hidden until a model has answered."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedWidth(_WIDTH)
        self._bar.setAccessibleName("How full the model's context is")
        self._words = QLabel()
        set_look(self._words, "fine")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SMALL)
        row.addWidget(self._bar)
        row.addWidget(self._words)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def show_use(self, tokens: Tokens, context_tokens: int) -> None:
        """Show what the last answer took; nothing where no model answered or its size is 0."""
        used = tokens.prompt + tokens.generated
        if not used or not context_tokens:
            self.hide()
            return
        percent = min(_PERCENT, round(_PERCENT * used / context_tokens))
        self._bar.setValue(percent)
        self._words.setText(f"{percent} % of the context")
        self.setToolTip(
            f"{used:,} of the {context_tokens:,} tokens that the model takes in at once: the\n"
            "conversation so far, what was read for the last question, and its answer.\n"
            "When there is no room, the oldest turns are left out, and the answer says so."
        )
        self._bar.setAccessibleDescription(self.toolTip())
        self.show()
