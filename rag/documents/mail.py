"""Reads e-mail: one message (RFC 5322, `.eml`) or a mailbox of many (RFC 4155, `.mbox`).

A message is a heading with its subject, the lines that say from whom, to whom and when, its text,
and the names of what is attached. To a single message its attachments are read too.
"""

import logging
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path

from rag.documents.attachments import ReadFile, add_attachment
from rag.documents.draft import Draft, one_line
from rag.documents.encoding import decode_text
from rag.documents.faults import damaged, file_faults, library_faults
from rag.documents.markup import parse_html, write_html
from rag.errors import DamagedFile
from rag.types import Document, Kind

log = logging.getLogger(__name__)

MAILBOX_SUFFIX = ".mbox"
NO_SUBJECT = "No subject"
SHOWN_HEADERS = ("From", "To", "Cc", "Date")
SEPARATOR = re.compile(rb"From \S.*\d{4}")  # the line before each message of a mailbox
QUOTED_SEPARATOR = re.compile(rb"^>(>*From )", re.MULTILINE)
HEADER_LINE = re.compile(rb"[!-9;-~]+:")
MOST_DEEP = 20  # messages inside messages


def read(path: Path, read_file: ReadFile | None = None) -> Document:
    """The message or messages, each under its subject; `read_file` reads what is attached to one.

    Raises `DamagedFile`.
    """
    if path.suffix.lower() == MAILBOX_SUFFIX:
        return _read_mailbox(path)
    with file_faults(path):
        data = path.read_bytes()
    draft = Draft()
    if not data.strip():
        return draft.document(Kind.EMAIL, path)
    if not HEADER_LINE.match(data.lstrip()) and not SEPARATOR.match(data):
        raise damaged(path, "e-mail message")
    with library_faults(path, "e-mail message"):
        message = message_from_bytes(data)
        attached = _write_message(draft, message, path, heading=_header(message, "Subject"))
        if read_file is not None:
            for name, part in attached:
                add_attachment(draft, name, _payload(part), read_file, level=2)
        return draft.document(Kind.EMAIL, path, titles=[_header(message, "Subject")])


def _read_mailbox(path: Path) -> Document:
    draft = Draft()
    for data in _messages(path):
        try:
            with library_faults(path, "mailbox"):
                _add_message(draft, message_from_bytes(data), path)
        except DamagedFile as error:
            log.warning("a message of a mailbox cannot be read: %s", type(error.__cause__).__name__)
    return draft.document(Kind.EMAIL, path)


def _add_message(draft: Draft, message: Message, path: Path) -> None:
    subject, day = _header(message, "Subject") or NO_SUBJECT, _day(message)
    _write_message(draft, message, path, heading=f"{subject} ({day})" if day else subject)


def _messages(path: Path) -> Iterator[bytes]:
    """The messages of a mailbox, without the lines between them."""
    lines: list[bytes] | None = None
    is_blank = True
    with file_faults(path), path.open("rb") as file:
        for line in file:
            if is_blank and SEPARATOR.match(line):
                if lines:
                    yield _unquoted(lines)
                lines = []
            elif lines is not None:
                lines.append(line)
            elif line.strip():
                raise damaged(path, "mailbox")
            is_blank = not line.strip()
    if lines:
        yield _unquoted(lines)


def _unquoted(lines: list[bytes]) -> bytes:
    return QUOTED_SEPARATOR.sub(rb"\1", b"".join(lines))


# --- one message --------------------------------------------------------------------------------


def _write_message(
    draft: Draft, message: Message, path: Path, *, heading: str
) -> list[tuple[str, Message]]:
    """Adds a message; gives what is attached to it, each with its name."""
    draft.add_heading(heading or NO_SUBJECT, level=1)
    headers = ((name, _header(message, name)) for name in SHOWN_HEADERS)
    draft.add_lines(f"{name}: {value}" for name, value in headers if value)
    attached = _write_body(draft, message, path)
    draft.add_lines(f"Attachment: {name}" for name, _ in attached)
    return attached


def _write_body(draft: Draft, message: Message, path: Path) -> list[tuple[str, Message]]:
    """Adds the text of a message; gives what is attached to it, each with its name."""
    attached: list[tuple[str, Message]] = []
    for part in _parts(message):
        name = _decoded(part.get_filename() or "")
        if name or part.get_content_disposition() == "attachment":
            attached.append((name or "without a name", part))
        elif part.get_content_type() == "text/html":
            root = parse_html(_text(part, path))
            if root is not None:
                write_html(draft, root, levels_above=1)
        elif part.get_content_maintype() == "text":
            draft.add_paragraph(_text(part, path))
    return attached


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """The parts in order, of alternatives only the plainest."""
    if not message.is_multipart() or depth > MOST_DEEP:
        yield message
        return
    parts = [part for part in message.get_payload() if isinstance(part, Message)]
    if message.get_content_type() == "multipart/alternative" and parts:
        parts = [min(parts, key=lambda part: part.get_content_type() != "text/plain")]
    for part in parts:
        yield from _parts(part, depth + 1)


def _text(part: Message, path: Path) -> str:
    try:
        return decode_text(_payload(part), path, declared=str(part.get_param("charset", "")))
    except DamagedFile:
        log.warning("a part of a message says that it is text and is none")
        return ""


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _header(message: Message, name: str) -> str:
    return _decoded(str(message.get(name, "")))


def _decoded(header: str) -> str:
    """A header in its own letters (RFC 2047), as it stands where it is written wrongly."""
    try:
        return one_line(str(make_header(decode_header(header))))
    except (HeaderParseError, LookupError, ValueError):
        return one_line(header)


def _day(message: Message) -> str:
    """The day it was sent, as 2024-05-31; empty where none is stated."""
    try:
        return parsedate_to_datetime(_header(message, "Date")).date().isoformat()
    except ValueError:
        return ""
