"""Unpacks zip archives (APPNOTE.TXT 6.3) into a folder, archives inside them too.

What it writes lies in that folder, whatever the archive says, and stays within limits. Reading the
files is for whoever walks the folder; packages that are one document are `packages`' concern.
"""

import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from rag.documents.archive_names import safe_parts, unique
from rag.documents.faults import library_faults, require_file
from rag.documents.zip_passwords import zip_password
from rag.errors import DamagedFile, ReaderLimit

SUFFIX = ".zip"
GIB = 1 << 30
MOST_BYTES = 8 * GIB
MOST_FILES = 50_000
MOST_DEEP = 4  # archives inside archives
MOST_RATIO = 200  # bytes unpacked for a byte packed; text gives about 5, a bomb 1,000 and more
FREE_BYTES = 64 << 20  # so much may unpack at any ratio: a log file of one line is no bomb
BLOCK = 1 << 16  # a protected one takes a tenth of a second


def is_archive(path: Path) -> bool:
    """Whether the file is an archive by its name."""
    return path.suffix.lower() == SUFFIX


def unpack(
    path: Path,
    into: Path,
    passwords: Sequence[str] = (),
    *,
    checkpoint: Callable[[], None] = lambda: None,
) -> Path:
    """A new folder in `into`, named like the archive, with all its files.

    An archive inside becomes a folder of its own name. Links, and what macOS notes about files, are
    left out. Of the passwords that one is taken which opens the archive, where it asks for one.
    `checkpoint` is called several times a second. Raises `PasswordNeeded`, `DamagedFile` or
    `ReaderLimit`, or what `checkpoint` raises; then nothing is left behind.
    """
    require_file(path)
    with _disk_faults(path):
        into.mkdir(parents=True, exist_ok=True)
        folder = into / unique(path.stem, _names_in(into))
        folder.mkdir()
        allowance = _Allowance(path, path.stat().st_size, passwords, checkpoint)
    try:
        _unpack_all(path, folder, allowance)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def password_of(path: Path, passwords: Sequence[str]) -> bytes:
    """The one that opens the archive; empty where it asks for none. Raises as `unpack` does."""
    allowance = _Allowance(path, path.stat().st_size, passwords)
    with _zip_file(path, allowance) as zip_file:
        return zip_password(zip_file, path, passwords)


@dataclass
class _Allowance:
    """What may still be written for one archive that a person added, and what opens it."""

    path: Path  # that archive: the one to name
    packed_bytes: int
    passwords: Sequence[str] = field(repr=False)
    checkpoint: Callable[[], None] = lambda: None
    byte_count: int = 0
    file_count: int = 0

    def spend_file(self) -> None:
        self.file_count += 1
        if self.file_count > MOST_FILES:
            raise self._refusal(f"holds more than {MOST_FILES:,} files")

    def spend_bytes(self, count: int) -> None:
        self.byte_count += count
        most = min(MOST_BYTES, max(FREE_BYTES, MOST_RATIO * self.packed_bytes))
        if self.byte_count > most:
            raise self._refusal(f"unpacks to more than {most >> 20:,} MB")

    def enter(self, depth: int) -> None:
        if depth > MOST_DEEP:
            raise self._refusal(f"holds archives more than {MOST_DEEP} deep inside each other")

    def _refusal(self, what: str) -> ReaderLimit:
        return ReaderLimit(
            f"“{self.path.name}” {what} and was left out.",
            remedy="Unpack it yourself, if you trust it, and add the folder.",
        )


def _unpack_all(path: Path, folder: Path, allowance: _Allowance) -> None:
    """Unpacks an archive, then those that came out of it."""
    waiting = [(path, folder, 1)]
    while waiting:
        archive, target, depth = waiting.pop()
        allowance.enter(depth)
        inner = list(_unpack_one(archive, target, allowance))
        if archive != path:
            archive.unlink()
        for nested in inner:
            renamed = nested.with_name(unique(nested.name + ".packed", _names_in(nested.parent)))
            nested.rename(renamed)
            nested.mkdir()
            waiting.append((renamed, nested, depth + 1))


def _names_in(folder: Path) -> set[str]:
    return {path.name.casefold() for path in folder.iterdir()}


def _unpack_one(archive: Path, folder: Path, allowance: _Allowance) -> Iterator[Path]:
    """Unpacks one archive; gives the archives among its files."""
    taken: dict[Path, set[str]] = {}
    with _zip_file(archive, allowance) as zip_file:
        zip_file.setpassword(zip_password(zip_file, allowance.path, allowance.passwords))
        for entry in zip_file.infolist():
            parts = safe_parts(entry, allowance.path)
            if entry.is_dir() or _is_link(entry) or parts is None:
                continue
            allowance.spend_file()
            place = folder.joinpath(*parts[:-1])
            place.mkdir(parents=True, exist_ok=True)
            names = taken.setdefault(place, set())
            target = place / unique(parts[-1], names)
            names.add(target.name.casefold())
            _write(zip_file, entry, target, allowance)
            if is_archive(target):
                yield target


@contextmanager
def _zip_file(archive: Path, allowance: _Allowance) -> Iterator[ZipFile]:
    """The archive, open; whatever goes wrong with it is told of the one that a person added."""
    with (
        library_faults(allowance.path, "zip archive"),
        _disk_faults(allowance.path),
        ZipFile(archive) as zip_file,
    ):
        yield zip_file


@contextmanager
def _disk_faults(path: Path) -> Iterator[None]:
    """Turns what the disk says to the unpacked files into a sentence about the archive."""
    try:
        yield
    except OSError as error:
        raise DamagedFile(
            f"“{path.name}” cannot be unpacked: {error.strerror or error}.",
            remedy="Make room on the disk that Deskbook keeps its library on, then add it again.",
        ) from error


def _is_link(entry: ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def _write(zip_file: ZipFile, entry: ZipInfo, target: Path, allowance: _Allowance) -> None:
    with zip_file.open(entry) as source, target.open("xb") as file:
        while block := source.read(BLOCK):
            allowance.checkpoint()
            allowance.spend_bytes(len(block))
            file.write(block)
