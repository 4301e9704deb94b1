"""Which files of a folder are left out: lines of patterns as `.gitignore` has them (gitignore(5)).

Looks at names alone; walking a folder is `files`' concern, keeping the lines the catalog's.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import TYPE_CHECKING

from rag.errors import BadRequest

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

DEFAULT_PATTERNS = (
    ".*",  # hidden files and folders: .git, .DS_Store, .obsidian
    "~$*",  # Office's locks
    "*~",
    "*.tmp",
    "*.part",
    "*.crdownload",
    "[Tt]humbs.db",
    "[Dd]esktop.ini",
    "$RECYCLE.BIN/",
    "System Volume Information/",
    "lost+found/",
    "node_modules/",
    "__pycache__/",
)


class LeftOut:
    """What some lines of patterns leave out; a later line has the last word, `!` takes in again.

    Paths are relative to the folder that the lines are for.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        """Raises BadRequest where a line is no pattern."""
        self._spec = _spec(tuple(lines))

    def takes(self, relative: str, *, is_folder: bool) -> bool:
        """Whether a file, or a folder with all that is in it, is left out by its own name."""
        return self._spec.match_file(relative + "/" if is_folder else relative)

    def takes_file(self, relative: PurePath) -> bool:
        """Whether a walk would not come to this file: by its name or by a folder's above it."""
        folders = list(relative.parents)[-2::-1]  # from the top down, without "."
        return any(self.takes(folder.as_posix(), is_folder=True) for folder in folders) or (
            self.takes(relative.as_posix(), is_folder=False)
        )


def clean_lines(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines that say something, each once, in order. Raises BadRequest as `LeftOut` does."""
    cleaned = tuple(dict.fromkeys(stripped for line in lines if (stripped := line.strip())))
    LeftOut(cleaned)
    return cleaned


def _spec(lines: tuple[str, ...]) -> GitIgnoreSpec:
    # Imported here and not above: it takes a tenth of the engine's start, and no question needs it.
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore import GitIgnorePatternError

    def is_pattern(line: str) -> bool:
        try:
            GitIgnoreSpec.from_lines((line,))
        except GitIgnorePatternError:
            return False
        return True

    try:
        return GitIgnoreSpec.from_lines(lines)
    except GitIgnorePatternError as error:
        wrong = next((line for line in lines if not is_pattern(line)), "")
        raise BadRequest(
            f"“{wrong}” is no pattern.",
            remedy="Write one like *.log, drafts/ or /old/*.docx, each on a line of its own.",
        ) from error
