"""The names in a zip archive, made into names that every disk takes. Writes nothing."""

import re
from pathlib import Path
from zipfile import ZipInfo

from rag.errors import DamagedFile

IS_UTF8 = 0x800  # the flag that an entry's name is in UTF-8 (APPNOTE.TXT, 4.4.4)
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')  # on Windows; control characters anywhere
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
LONGEST_NAME = 200  # bytes; most disks take 255
LONGEST_SUFFIX = 16  # characters
NOTES_OF_MACOS = "__MACOSX"


def safe_parts(entry: ZipInfo, archive: Path) -> tuple[str, ...] | None:
    """The folders and the name of a file; `None` for what no person put there.

    Raises `DamagedFile` where the name leads out of the folder it is unpacked into.
    """
    name = _decoded(entry).replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or re.match(r"[A-Za-z]:/", name) or ".." in parts:
        raise DamagedFile(
            f"“{archive.name}” holds a file that would be written outside of its folder.",
            remedy="Leave the archive out if it is not yours; such files are made to do harm.",
        )
    if not parts or parts[0] == NOTES_OF_MACOS:
        return None
    return tuple(map(_safe, parts))


def unique(name: str, taken: set[str]) -> str:
    """The name, or the name with a number, so that it differs from those taken (in lower case)."""
    path, number, candidate = Path(name), 2, name
    while candidate.casefold() in taken:
        candidate = f"{path.stem} ({number}){path.suffix}"
        number += 1
    return candidate


def _decoded(entry: ZipInfo) -> str:
    """The name in its own letters: many programs write in their system's encoding, unsaid."""
    if entry.flag_bits & IS_UTF8 or entry.filename.isascii():
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")  # as zipfile has decoded it
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        import charset_normalizer  # when an old archive turns up: no question needs it

        guess = charset_normalizer.from_bytes(raw).best()
        return str(guess) if guess else entry.filename


def _safe(part: str) -> str:
    name = FORBIDDEN.sub("_", part.encode("utf-8", "replace").decode()).rstrip(". ") or "_"
    if RESERVED.fullmatch(name):
        name = f"_{name}"
    if len(name.encode()) <= LONGEST_NAME:
        return name
    suffix = Path(name).suffix[:LONGEST_SUFFIX]
    return name.encode()[: LONGEST_NAME - len(suffix.encode())].decode(errors="ignore") + suffix
