"""Office files with a password, as Office writes them."""

from hashlib import sha1
from pathlib import Path
from struct import pack

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted
from msoffcrypto.method.ecma376_standard import ECMA376Standard

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


def locked_as_by_office_2007(sample: Path, path: Path, password: str) -> Path:
    """The sample in standard encryption (MS-OFFCRYPTO 2.3.4.5 to 2.3.4.8): AES-128 and SHA-1."""
    salt, verifier, algorithm, hashed = bytes(range(16)), b"sixteen letters.", 0x660E, 0x8004
    key = ECMA376Standard.makekey_from_password(
        password, algorithm, hashed, 0x18, 128, len(salt), salt
    )

    def encrypt(plain: bytes) -> bytes:
        encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
        return encryptor.update(plain + bytes(-len(plain) % 16)) + encryptor.finalize()

    flags = 0x24  # CryptoAPI, AES
    header = pack("<8I", flags, 0, algorithm, hashed, 128, 0x18, 0, 0) + bytes(2)
    digest = encrypt(sha1(verifier).digest())
    info = pack("<HHII", 4, 2, flags, len(header)) + header
    info += pack("<I", 16) + salt + encrypt(verifier) + pack("<I", 20) + digest
    plain = sample.read_bytes()
    with path.open("wb") as file:
        ECMA376Encrypted(pack("<Q", len(plain)) + encrypt(plain), info).write_to(file)
    return path


def test_a_file_of_office_2007_is_read_too(tmp_path: Path, samples: dict[str, Path]) -> None:
    path = locked_as_by_office_2007(samples["docx"], tmp_path / samples["docx"].name, "bees")
    assert read(path, ("wrong", "bees")) == read(samples["docx"])
    with pytest.raises(PasswordNeeded, match="No password that was given"):
        read(path, ("wrong",))


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
