"""Which password opens a zip archive (traditional encryption, APPNOTE.TXT 6.1).

The archive says of a wrong password only that the text is damaged, and by chance not even that;
so a part of it is read. AES, which the standard library does not know, is told.
"""

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from rag.documents.faults import cannot_decrypt, password_needed
from rag.errors import ReaderLimit

IS_ENCRYPTED = 0x1  # flags of a zip entry (APPNOTE.TXT, 4.4.4)
IS_STRONGLY_ENCRYPTED = 0x40
AES = 99  # where the method of compression should stand
READ_BYTES = 1 << 16  # of the smallest entry
MOST_ENCRYPTED_BYTES = 64 << 20  # zipfile decrypts about a megabyte a second
ENCODINGS = ("utf-8", "cp437", "cp1252")  # the format names none; these are what programs use


def zip_password(zip_file: ZipFile, path: Path, passwords: Sequence[str]) -> bytes:
    """The one that opens the archive; empty where it asks for none. `path` is the one to name.

    Raises `PasswordNeeded`, and `ReaderLimit` where decrypting would take too long.
    """
    encrypted = [entry for entry in zip_file.infolist() if entry.flag_bits & IS_ENCRYPTED]
    if not encrypted:
        return b""
    if any(e.flag_bits & IS_STRONGLY_ENCRYPTED or e.compress_type == AES for e in encrypted):
        raise cannot_decrypt(path)
    if sum(entry.compress_size for entry in encrypted) > MOST_ENCRYPTED_BYTES:
        raise ReaderLimit(
            f"“{path.name}” is protected with a password and so large that opening it takes hours.",
            remedy="Unpack it with another program, and add the folder.",
        )
    smallest = min(encrypted, key=lambda entry: entry.compress_size)
    for password in passwords:
        for encoded in _encoded(password):
            if _opens(zip_file, smallest, encoded):
                return encoded
    raise password_needed(path, was_given=bool(passwords))


def _encoded(password: str) -> Iterator[bytes]:
    for encoding in ENCODINGS:
        encoded = password.encode(encoding, "ignore")
        if encoded.decode(encoding) == password:
            yield encoded


def _opens(zip_file: ZipFile, entry: ZipInfo, password: bytes) -> bool:
    try:
        with zip_file.open(entry, pwd=password) as source:
            source.read(READ_BYTES)
    except (RuntimeError, BadZipFile, zlib.error):
        return False
    return True
