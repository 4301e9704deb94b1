"""The characters of a text file: which encoding it is in, and whether it is text at all."""

import codecs
import re
from pathlib import Path

import charset_normalizer

from rag.documents.faults import file_faults
from rag.errors import DamagedFile

# The longer marks first: UTF-32's begins with UTF-16's.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
GUESSED_FROM_BYTES = 1 << 16  # enough to tell an encoding by, and the guess takes seconds a MB
# As browsers do (https://encoding.spec.whatwg.org/): Latin-1 is taken for what it mostly is, and
# no declaration in letters of one byte can be true of UTF-16. The others are Python's own codecs.
MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252"}
NEVER_DECLARED = re.compile(r"utf-(?:7|16|32)\b.*|idna|punycode|(?:raw-)?unicode-escape")
MOST_CONTROLS = 0.01  # the share of control characters above which a file is not taken for text


def read_text(path: Path) -> str:
    """The file's characters with its own line ends, without a byte order mark.

    Raises `DamagedFile` where the file cannot be read or does not hold text.
    """
    with file_faults(path):
        data = path.read_bytes()
    return decode_text(data, path)


def decode_text(data: bytes, path: Path, *, declared: str = "") -> str:
    """The characters of a file's bytes; an encoding that the file declares comes before a guess.

    Raises `DamagedFile` where they are no text.
    """
    text = _decode(data, declared)
    if text is None or _is_binary(text):
        raise DamagedFile(
            f"“{path.name}” does not hold text, whatever its name says.",
            remedy="Give it the suffix of what it really is, or save it as text again.",
        )
    return text


def _decode(data: bytes, declared: str) -> str | None:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_as(declared, data) or _decode_by_guess(data)


def _decode_as(declared: str, data: bytes) -> str | None:
    """The text in the encoding that the file declares; `None` where it is not in that."""
    try:
        name = codecs.lookup(declared).name
        return None if NEVER_DECLARED.fullmatch(name) else data.decode(MEANT.get(name, name))
    except (LookupError, ValueError):
        return None


def _decode_by_guess(data: bytes) -> str | None:
    """The text in the likeliest of the old encodings; `None` where it makes sense in none."""
    if b"\0" in data:
        return None
    guess = charset_normalizer.from_bytes(data[:GUESSED_FROM_BYTES]).best()
    return data.decode(guess.encoding, errors="replace") if guess else None


def _is_binary(text: str) -> bool:
    controls = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\v\f\r\x1b")
    return "\0" in text or controls > MOST_CONTROLS * len(text)
