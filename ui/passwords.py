"""What the window asks the engine about passwords. Holds none itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, get_args

from PySide6.QtCore import QObject

from app.messages import (
    Done,
    Ended,
    Event,
    FindKeyring,
    FindPasswords,
    KeyringFound,
    PasswordsFound,
    PasswordTried,
    TryPassword,
)
from ui.link import EngineLink

OnTried: TypeAlias = Callable[[PasswordTried], None]
OnEnd: TypeAlias = Callable[[Ended], None]


class Passwords(QObject):
    """Asks through the link and hands the answers on."""

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link

    def try_on(
        self,
        paths: Sequence[str],
        password: str,
        *,
        is_to_be_kept: bool,
        on_tried: OnTried,
        on_end: OnEnd,
    ) -> None:
        """Try a password on files: `on_tried` hears of each, then `on_end` how it ended."""

        def on_event(event: Event) -> None:
            if isinstance(event, PasswordTried):
                on_tried(event)
            elif isinstance(event, get_args(Ended)):
                on_end(event)

        self._link.ask(
            lambda request: TryPassword(request, tuple(paths), password, is_to_be_kept), on_event
        )

    def find(self, path: str, on_found: Callable[[tuple[str, ...]], None]) -> None:
        """Hand what may open a file to `on_found`; without an engine nothing is known."""

        def on_event(event: Event) -> None:
            if isinstance(event, PasswordsFound):
                on_found(event.passwords)
            elif isinstance(event, get_args(Ended)) and not isinstance(event, Done):
                on_found(())

        self._link.ask(lambda request: FindPasswords(request, path), on_event)

    def find_keyring(self, on_found: Callable[[bool], None]) -> None:
        """Tell `on_found` whether this computer can keep passwords safe."""

        def on_event(event: Event) -> None:
            if isinstance(event, KeyringFound):
                on_found(event.is_usable)

        self._link.ask(FindKeyring, on_event)
