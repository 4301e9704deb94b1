"""E-mail: subject, people, day and text of a message, and of each in a mailbox."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from rag.documents import read as read_any
from rag.documents.mail import read
from rag.errors import DamagedFile
from rag.types import Document


def message_of(text: str = "They fly.", *, html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Große Bienen", "Adé <a@x.org>", "b@x.org"
    message["Date"] = "Mon, 3 Jun 2024 10:00:00 +0200"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def saved(folder: Path, data: bytes, name: str = "letter.eml") -> Document:
    (folder / name).write_bytes(data)
    return read(folder / name)


def test_a_message_is_its_headers_and_text(tmp_path: Path) -> None:
    document = saved(tmp_path, bytes(message_of("Übrigens:\n\nthey fly.")))
    assert document.title == "Große Bienen"
    assert document.text == (
        "Große Bienen\n\nFrom: Adé <a@x.org>\nTo: b@x.org\nDate: Mon, 03 Jun 2024 10:00:00 +0200"
        "\n\nÜbrigens:\n\nthey fly."
    )


def test_of_two_forms_the_plain_one_is_read_and_files_are_named(tmp_path: Path) -> None:
    message = message_of("Plain.", html="<p>Rich.</p>")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="größe.pdf")
    message.add_attachment("Not read.", filename="notes.txt")
    text = saved(tmp_path, bytes(message)).text
    assert text.endswith("Plain.\n\nAttachment: größe.pdf\nAttachment: notes.txt")


def test_what_is_attached_to_a_message_is_read_below_it(tmp_path: Path) -> None:
    message = message_of("See the files.")
    message.add_attachment("# Hives\n\nThey hum.\n", filename="../notes on bees.md")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="broken.pdf")
    message.add_attachment(message_of("Inner text."))
    message.add_attachment(
        bytes(message_of("Saved text.")), maintype="x", subtype="y", filename="saved.eml"
    )
    (tmp_path / "letter.eml").write_bytes(bytes(message))
    document = read_any(tmp_path / "letter.eml")
    titles = [(heading.title, heading.level) for heading in document.headings]
    assert titles[1:4] == [("../notes on bees.md", 2), ("Hives", 3), ("saved.eml", 2)]
    assert "Attachment: broken.pdf" in document.text
    assert "\n\nThey hum.\n\nsaved.eml\n\nGroße Bienen\n\n" in document.text
    assert document.text.endswith("Saved text.")


def test_front_matter_of_an_attached_note_is_left_out(tmp_path: Path) -> None:
    message = message_of("See.")
    message.add_attachment("---\ntags: x\n---\nText.", filename="a.md")
    (tmp_path / "letter.eml").write_bytes(bytes(message))
    assert read_any(tmp_path / "letter.eml").text.endswith("\n\na.md\n\nText.")


def test_a_message_in_html_alone_is_its_text(tmp_path: Path) -> None:
    message = message_of()
    message.set_content("<style>x</style><h1>Bees</h1><p>They <b>fly</b>.", subtype="html")
    document = saved(tmp_path, bytes(message))
    assert document.text.endswith("Bees\n\nThey fly.")
    assert [(heading.title, heading.level) for heading in document.headings][1:] == [("Bees", 2)]


def test_a_message_inside_a_message_is_read(tmp_path: Path) -> None:
    outer = message_of("See below.")
    outer.add_attachment(message_of("Forwarded text."))
    assert "Forwarded text." in saved(tmp_path, bytes(outer)).text


def test_a_mailbox_has_a_heading_a_message(tmp_path: Path) -> None:
    first = b"From a@x Mon Jun  3 10:00:00 2024\nSubject: One\n"
    first += b"Date: Mon, 3 Jun 2024 10:00:00 +0200\n\nHello\n>From here\n\n"
    second = b"From b@x Tue Jun  4 10:00:00 2024\nX: y\n\nBye.\nFrom now on 2024\n"
    document = saved(tmp_path, first + second, "all.mbox")
    titles = [heading.title for heading in document.headings]
    assert titles == ["One (2024-06-03)", "No subject"]
    assert "Hello\nFrom here" in document.text
    assert document.text.endswith("Bye.\nFrom now on 2024")
    assert document.title == "all"


def test_a_part_that_is_no_text_costs_itself_alone(tmp_path: Path) -> None:
    odd = b"From a@x Mon Jun  3 10:00:00 2024\nSubject: Odd\nContent-Type: text/plain\n\n\0\0\0\n\n"
    good = b"From b@x Tue Jun  4 10:00:00 2024\nSubject: Good\n\nText stays.\n"
    assert saved(tmp_path, odd + good, "a.mbox").text == "Odd\n\nGood\n\nText stays."


@pytest.mark.parametrize(
    "header",
    [
        b"Subject: =?utf-8?q?a?= =?nonsense?b?!!?=",
        b"Subject: =?utf-8?b?A?=",
        b"Subject: caf\xe9",
        b"Date: yesterday",
        b"Content-Type: text/plain; charset=nonsense",
        b"Content-Type: multipart/mixed; boundary=nowhere",
        b"Content-Transfer-Encoding: base64",
        b"From: =?x?",
    ],
)
@pytest.mark.parametrize("name", ["odd.eml", "odd.mbox"])
def test_odd_headers_cost_no_message(tmp_path: Path, header: bytes, name: str) -> None:
    start = b"From a@x Mon Jun  3 10:00:00 2024\n"
    assert saved(tmp_path, start + header + b"\nX: y\n\nText stays\n", name).headings


@pytest.mark.parametrize(("name", "what"), [("a.eml", "e-mail message"), ("a.mbox", "mailbox")])
def test_what_is_no_mail_is_told(tmp_path: Path, name: str, what: str) -> None:
    with pytest.raises(DamagedFile, match=f"“{name}” is damaged or no {what}"):
        saved(tmp_path, b"\x89PNG\r\n\x1a\n" * 9, name)
