"""Office files with a password, as Office writes them."""

from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from rag.documents import read
from rag.documents.office_encryption import COMPOUND_FILE, ENCRYPTED_PACKAGE, UNASKED
from rag.errors import PasswordNeeded

OFFICE = ("docx", "xlsx", "pptx")


def locked(sample: Path, path: Path, password: str) -> Path:
    """The sample, encrypted."""
    with sample.open("rb") as plain, path.open("wb") as file:
        OOXMLFile(plain).encrypt(password, file)
    assert path.read_bytes().startswith(COMPOUND_FILE)
    return path


@pytest.mark.parametrize("suffix", OFFICE)
@pytest.mark.parametrize("password", ["bees", "Bienenkönig 蜜"])
def test_it_is_read_as_if_it_were_not_protected(
    tmp_path: Path, samples: dict[str, Path], suffix: str, password: str
) -> None:
    path = locked(samples[suffix], tmp_path / samples[suffix].name, password)
    assert read(path, ("wrong", password)) == read(samples[suffix])


@pytest.mark.parametrize("suffix", OFFICE)
def test_without_the_right_password_it_says_so(
    tmp_path: Path, samples: dict[str, Path], suffix: str
) -> None:
    path = locked(samples[suffix], tmp_path / f"secret.{suffix}", "bees")
    with pytest.raises(PasswordNeeded, match=f"“secret.{suffix}” is protected with a password. Cl"):
        read(path)
    with pytest.raises(PasswordNeeded, match=f"No password that was given opens “secret.{suffix}”"):
        read(path, ("Bees", ""))


def test_what_excel_opens_without_asking_is_read_without_asking(
    tmp_path: Path, samples: dict[str, Path]
) -> None:
    path = locked(samples["xlsx"], tmp_path / samples["xlsx"].name, UNASKED)
    assert read(path) == read(samples["xlsx"])


@pytest.mark.parametrize("rest", [b"", b"\0" * 4096])
def test_an_encryption_of_another_kind_is_no_damage(tmp_path: Path, rest: bytes) -> None:
    path = tmp_path / "rights.docx"
    path.write_bytes(COMPOUND_FILE + bytes(1000) + ENCRYPTED_PACKAGE + rest)
    with pytest.raises(PasswordNeeded, match=r"that Deskbook cannot undo\. Save a copy"):
        read(path, ("bees",))


def test_nothing_of_it_is_written_to_the_disk(
    tmp_path: Path, samples: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = locked(samples["docx"], tmp_path / "secret.docx", "bees")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read(path, ("bees",))
    assert list(tmp_path.iterdir()) == [path]
