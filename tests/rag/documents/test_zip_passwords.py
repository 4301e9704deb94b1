"""Zip archives with a password: traditional encryption is undone, AES is told."""

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.documents.archives import password_of, unpack
from rag.documents.zip_passwords import AES, IS_ENCRYPTED
from rag.errors import PasswordNeeded, ReaderLimit, Stopped

HEADER = 12  # random bytes before each encrypted entry
CRC_TABLE = [zlib.crc32(bytes([index ^ 0xFF])) ^ 0xFF000000 for index in range(256)]


class Keys:
    """The cipher of APPNOTE.TXT 6.1.5, which zipfile only undoes."""

    def __init__(self, password: bytes) -> None:
        self.key0, self.key1, self.key2 = 305419896, 591751049, 878082192
        for byte in password:
            self._update(byte)

    def encrypt(self, plain: bytes) -> bytes:
        return bytes(map(self._encrypt, plain))

    def _encrypt(self, byte: int) -> int:
        near = self.key2 | 2
        cipher = byte ^ ((near * (near ^ 1)) >> 8 & 0xFF)
        self._update(byte)
        return cipher

    def _update(self, byte: int) -> None:
        self.key0 = self._crc(byte, self.key0)
        self.key1 = ((self.key1 + (self.key0 & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        self.key2 = self._crc(self.key1 >> 24, self.key2)

    @staticmethod
    def _crc(byte: int, crc: int) -> int:
        return (crc >> 8) ^ CRC_TABLE[(crc ^ byte) & 0xFF]


def locked(path: Path, password: bytes, texts: Sequence[bytes] = (b"Bees need water.",)) -> Path:
    """An archive with files 0.txt, 1.txt …, stored and encrypted."""
    with zipfile.ZipFile(path, "w") as archive:
        for number, text in enumerate(texts):
            crc = zlib.crc32(text)
            check = bytes(HEADER - 1) + bytes([crc >> 24])
            archive.writestr(f"{number}.txt", Keys(password).encrypt(check + text))
            archive.filelist[-1].CRC, archive.filelist[-1].file_size = crc, len(text)
            archive.filelist[-1].flag_bits |= IS_ENCRYPTED
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "cp437", "cp1252"])
def test_its_files_come_out_with_the_right_password(tmp_path: Path, encoding: str) -> None:
    path = locked(tmp_path / "secret.zip", "Bienenkönig".encode(encoding), [b"A" * 99, b"B"])
    folder = unpack(path, tmp_path / "into", ("wrong", "Bienenkönig"))
    assert (folder / "0.txt").read_bytes() == b"A" * 99
    assert (folder / "1.txt").read_bytes() == b"B"


def test_without_the_right_one_it_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    path = locked(tmp_path / "secret.zip", b"bees")
    with pytest.raises(PasswordNeeded, match=r"“secret.zip” is protected with a password\. Click"):
        unpack(path, tmp_path / "into")
    with pytest.raises(PasswordNeeded, match=r"No password that was given opens “secret\.zip”"):
        unpack(path, tmp_path / "into", tuple(f"wrong {number}" for number in range(600)))
    assert list((tmp_path / "into").iterdir()) == []


def test_an_archive_inside_is_opened_with_the_same(tmp_path: Path) -> None:
    inner = locked(tmp_path / "inner.zip", b"bees").read_bytes()
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.writestr("inner.zip", inner)
    folder = unpack(tmp_path / "outer.zip", tmp_path / "into", ("bees",))
    assert (folder / "inner.zip" / "0.txt").read_bytes() == b"Bees need water."


def test_one_that_would_take_hours_is_told_before_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.documents.zip_passwords.MOST_ENCRYPTED_BYTES", 10)
    path = locked(tmp_path / "secret.zip", b"bees")
    with pytest.raises(ReaderLimit, match=r"“secret\.zip” is protected .* takes hours\. Unpack"):
        unpack(path, tmp_path / "into")


def test_unpacking_that_was_stopped_leaves_nothing(tmp_path: Path) -> None:
    def stop() -> None:
        raise Stopped

    path = locked(tmp_path / "secret.zip", b"bees")
    with pytest.raises(Stopped):
        unpack(path, tmp_path / "into", ("bees",), checkpoint=stop)
    assert list((tmp_path / "into").iterdir()) == []


def test_aes_is_told(tmp_path: Path) -> None:
    path = locked(tmp_path / "aes.zip", b"bees")
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 10] = AES
    path.write_bytes(data)
    with pytest.raises(PasswordNeeded, match="in a way that Deskbook cannot undo"):
        unpack(path, tmp_path / "into", ("bees",))


def test_an_open_archive_needs_none(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "open.zip", "w") as archive:
        archive.writestr("a.txt", "A")
    assert password_of(tmp_path / "open.zip", ("bees",)) == b""
