"""The folder of saved states: a file with what a model has read, and beside it what it is.

A state is what a model had read: its tokens and its KV cache, which `LiveSequence` writes into
`NAME.state`. The tokens and whose they are stand in `NAME.json` too, small enough to look through;
it comes last and is renamed into place, so that a state is there whole or not at all. The name is
a hash of both, which shows damage to them; the large file carries a checksum of its own.
Which states are worth having is `rag.generation.saved_states`' to say.
"""

from __future__ import annotations

import json
import logging
import os
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rag.generation.live_sequence import LiveSequence

log = logging.getLogger(__name__)

FORMAT = 1
STATE, HEADER, UNFINISHED = ".state", ".json", ".part"


@dataclass(frozen=True, slots=True)
class SavedState:
    """A state on the disk; it has a token at least."""

    path: Path  # of the large file
    fingerprint: str  # of the model and the settings that it belongs to
    tokens: Sequence[int]
    is_lasting: bool  # goes last when room is needed, and no longer state takes its place
    size_bytes: int

    @property
    def header(self) -> Path:
        """The small file beside it."""
        return self.path.with_suffix(HEADER)


class StateFolder:
    """The states in one folder, which belongs to one process at a time.

    What is damaged or was not finished is removed when the folder is opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._states = list(self._scan())  # the least recently used first

    def __iter__(self) -> Iterator[SavedState]:
        """The states, the least recently used first."""
        return iter(tuple(self._states))

    @property
    def size_bytes(self) -> int:
        """What all states take on the disk."""
        return sum(state.size_bytes for state in self._states)

    def write(self, sequence: LiveSequence, fingerprint: str, *, is_lasting: bool) -> SavedState:
        """Save what the sequence has read. Raises OSError; then nothing is left behind."""
        tokens = array("i", sequence.tokens)
        path = self.path / (_name(fingerprint, tokens, is_lasting) + STATE)
        told = {"format": FORMAT, "fingerprint": fingerprint, "is_lasting": is_lasting}
        unfinished = path.with_suffix(UNFINISHED)
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make_private(unfinished)
            sequence.save(unfinished)
            unfinished.replace(path)
            _make_private(unfinished)
            unfinished.write_text(json.dumps(told | {"tokens": list(tokens)}), encoding="utf-8")
            unfinished.replace(path.with_suffix(HEADER))
        except OSError:
            _remove(unfinished)
            _remove(path)
            raise
        state = SavedState(path, fingerprint, tokens, is_lasting, path.stat().st_size)
        self._states.append(state)
        return state

    def mark_used(self, state: SavedState) -> None:
        """It was used last of all."""
        self._states.remove(state)
        self._states.append(state)
        try:
            os.utime(state.header)
        except OSError:
            log.debug("a state's date could not be set", exc_info=True)

    def remove(self, state: SavedState) -> None:
        """Take it from the disk."""
        self._states.remove(state)
        _remove(state.header)
        _remove(state.path)

    def _scan(self) -> Iterator[SavedState]:
        states = []
        for path in self._files():
            if path.suffix == STATE and path.with_suffix(HEADER).exists():
                continue
            if path.suffix == HEADER and (state := _read(path)):
                states.append((path.stat().st_mtime_ns, state))
            else:
                _remove(path)
        yield from (state for _, state in sorted(states, key=lambda dated: dated[0]))

    def _files(self) -> list[Path]:
        """Those with our endings, headers first; what else lies there is not touched."""
        try:
            paths = sorted(self.path.iterdir())
        except OSError:
            return []
        return [path for path in paths if path.suffix in (STATE, HEADER, UNFINISHED)]


def _read(header: Path) -> SavedState | None:
    """The state that a header tells of; None where it is damaged, or the large file not there."""
    path = header.with_suffix(STATE)
    try:
        told = json.loads(header.read_bytes())
        tokens = array("i", told["tokens"])
        name = _name(told["fingerprint"], tokens, told["is_lasting"])
        is_whole = told["format"] == FORMAT and header.stem == name and len(tokens) > 0
        size_bytes = path.stat().st_size
    except (OSError, ValueError, LookupError, TypeError, OverflowError):
        return None
    if not is_whole:
        return None
    return SavedState(path, told["fingerprint"], tokens, told["is_lasting"], size_bytes)


def _name(fingerprint: str, tokens: array[int], is_lasting: bool) -> str:
    told = f"{FORMAT} {fingerprint} {is_lasting} ".encode()
    return sha256(told + tokens.tobytes()).hexdigest()[:32]


def _make_private(path: Path) -> None:
    """An empty file that only this person may read: it will hold what documents say."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        log.warning("a file of saved states could not be removed", exc_info=True)
