"""Passwords in the system's keyring: kept where it is safe, and nowhere else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from app.passwords import SERVICE, KeptPasswords, KeyringUnusable

SECRET = Path("/a/secret.pdf")


class MemoryKeyring(KeyringBackend):
    """A safe keyring, as a test knows it: in this process alone."""

    priority = 9  # type: ignore[assignment]  # a property of the class in keyring

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


class LockedKeyring(MemoryKeyring):
    """One whose owner does not unlock it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked


class PlainFileKeyring(MemoryKeyring):
    """One that keyring does not recommend, since it writes what it keeps to a plain file."""

    priority = 0.5  # type: ignore[assignment]


@pytest.fixture(autouse=True)
def _earlier_keyring() -> Iterator[None]:
    earlier = keyring.get_keyring()
    yield
    keyring.set_keyring(earlier)


@pytest.fixture
def memory() -> MemoryKeyring:
    made = MemoryKeyring()
    keyring.set_keyring(made)
    return made


@pytest.fixture
def kept(tmp_path: Path) -> KeptPasswords:
    return KeptPasswords(tmp_path / "kept-passwords.json")


def test_a_password_is_kept_in_the_keyring_alone(
    kept: KeptPasswords, memory: MemoryKeyring, tmp_path: Path
) -> None:
    kept.keep(SECRET, "bees")
    assert memory.held == {(SERVICE, str(SECRET)): "bees"}
    assert KeptPasswords(tmp_path / "kept-passwords.json").of(SECRET) == "bees"
    assert "bees" not in (tmp_path / "kept-passwords.json").read_text()


def test_a_forgotten_one_is_nowhere(kept: KeptPasswords, memory: MemoryKeyring) -> None:
    kept.keep(SECRET, "bees")
    kept.forget(SECRET)
    kept.forget(SECRET)
    assert (memory.held, kept.of(SECRET)) == ({}, "")


@pytest.mark.usefixtures("memory")
def test_of_a_file_without_a_kept_one_the_keyring_is_not_asked(kept: KeptPasswords) -> None:
    keyring.set_keyring(LockedKeyring())
    assert kept.of(SECRET) == ""


def test_a_locked_keyring_gives_none_and_says_so_where_it_is_to_keep_one(
    kept: KeptPasswords, memory: MemoryKeyring
) -> None:
    kept.keep(SECRET, "bees")
    keyring.set_keyring(LockedKeyring())
    assert kept.of(SECRET) == ""
    with pytest.raises(KeyringUnusable, match="the keyring of this computer refused it") as failure:
        kept.keep(SECRET, "bees")
    assert "bees" not in str(failure.value)


def test_a_keyring_in_a_plain_file_is_refused(kept: KeptPasswords) -> None:
    plain = PlainFileKeyring()
    keyring.set_keyring(plain)
    assert not kept.is_possible()
    with pytest.raises(KeyringUnusable, match="no keyring that keeps passwords safe"):
        kept.keep(SECRET, "bees")
    assert plain.held == {}


@pytest.mark.usefixtures("memory")
def test_a_safe_keyring_is_possible(kept: KeptPasswords) -> None:
    assert kept.is_possible()


def test_the_engine_does_not_load_it_unless_it_is_wanted() -> None:
    code = "import sys, app.engine, app.performing; sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
