"""PDFs with passwords: every encryption, the person's and the owner's, and the wrong one."""

from pathlib import Path

import pytest
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

from rag.documents import read
from rag.errors import PasswordNeeded

ALGORITHMS = ("RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256")
LOCKED = Path(__file__).parents[2] / "data" / "pdfs"


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A page with a sentence, a label, a title and a line in the outline."""
    path = tmp_path / "bees.pdf"
    canvas = Canvas(str(path))
    canvas.setTitle("Keeping bees")
    canvas.bookmarkPage("bees")
    canvas.addOutlineEntry("Bees need water", "bees", level=0)
    canvas.drawString(40, 700, "Bees need water")
    canvas.drawString(40, 680, "They fetch it from near.")
    canvas.save()
    writer = PdfWriter(clone_from=path)
    writer.set_page_label(0, 0, style="/r")
    writer.write(path)
    return path


def locked(plain: Path, user: str, owner: str = "", algorithm: str = "AES-256") -> Path:
    path = plain.with_name("secret.pdf")
    writer = PdfWriter(clone_from=plain)
    writer.encrypt(user, owner or None, algorithm=algorithm)
    writer.write(path)
    return path


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_it_is_read_as_if_it_were_not_protected(plain: Path, algorithm: str) -> None:
    path = locked(plain, "bees", algorithm=algorithm)
    assert read(path, ("wrong", "bees")) == read(plain)
    assert read(plain).pages[0].label == "i"
    assert [heading.title for heading in read(plain).headings] == ["Bees need water"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_owners_password_opens_it_too(plain: Path, algorithm: str) -> None:
    path = locked(plain, "bees", "keeper", algorithm)
    assert read(path, ("keeper",)).text == read(plain).text


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_an_empty_password_opens_it_without_asking(plain: Path, algorithm: str) -> None:
    assert read(locked(plain, "", "keeper", algorithm)).title == "Keeping bees"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_password_with_umlauts_opens_it(plain: Path, algorithm: str) -> None:
    assert read(locked(plain, "Bienenkönig", algorithm=algorithm), ("Bienenkönig",)).text


def test_letters_that_a_keyboard_puts_together_of_two_are_the_same(plain: Path) -> None:
    assert read(locked(plain, "Bienenkönig 蜜"), ("Bienenko\u0308nig 蜜",)).text


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_without_the_right_one_it_says_so(plain: Path, algorithm: str) -> None:
    path = locked(plain, "bees", algorithm=algorithm)
    with pytest.raises(PasswordNeeded, match=r"“secret.pdf” is protected with a password\. Click"):
        read(path)
    with pytest.raises(PasswordNeeded, match=r"opens “secret\.pdf”\. Check") as failure:
        read(path, ("Bees", "bee"))
    assert "bee" not in str(failure.value).casefold().replace("keyboard", "")


def test_a_password_that_nobody_asked_for_is_no_matter(plain: Path) -> None:
    assert read(plain, ("bees",)) == read(plain)


def test_a_real_one_is_read_with_its_password() -> None:
    (path,) = LOCKED.glob("005*.pdf")
    assert read(path, ("openpassword",)).text.startswith("Lorem ipsum dolor sit amet")
    assert read(path, ("permissionpassword",)).text == read(path, ("openpassword",)).text
