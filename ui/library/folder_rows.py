"""What one line of the followed folders says. Pure: folders in, rows out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from app.settings import DEFAULT_COLLECTION
from rag.types import FollowedFolder
from ui.library.rows import Row, Tone
from ui.wording import ago


def folder_rows(folders: Iterable[FollowedFolder], now: float) -> list[Row]:
    """A line for each folder, by name; `now` in seconds since 1970."""
    return sorted((_folder_row(folder, now) for folder in folders), key=lambda row: row.order)


def _folder_row(folder: FollowedFolder, now: float) -> Row:
    path = Path(folder.path)
    into = f" · into {folder.collection}" if _is_named(folder.collection) else ""
    return Row(
        document="",
        path=folder.path,
        title=path.name or folder.path,
        badge="DIR",
        state=_state(folder, now),
        tone=Tone.BAD if folder.is_away else Tone.QUIET,
        reason=f"{_short(path)}{into}",
        place=None,
    )


def _state(folder: FollowedFolder, now: float) -> str:
    if folder.is_away:
        return "Not reachable now; its documents stay"
    if not folder.looked_at:
        return "Followed, not looked at yet"
    return f"Looked at {ago(now - folder.looked_at)}"


def _short(path: Path) -> str:
    """With a tilde for the person's own folder."""
    home = Path.home()
    return str(Path("~") / path.relative_to(home)) if path.is_relative_to(home) else str(path)


def _is_named(collection: str) -> bool:
    return collection not in ("", DEFAULT_COLLECTION)
