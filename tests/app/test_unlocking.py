"""Passwords through the door to a real engine: tried, found again, kept, and never written down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

from app.messages import (
    Added,
    AddPaths,
    Done,
    FindKeyring,
    FindPasswords,
    KeyringFound,
    ListDocuments,
    PasswordsFound,
    PasswordTried,
    RemoveDocuments,
    TryPassword,
)
from rag.types import Verdict

PASSWORD = "Bienenkönig-4711"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    return protected(tmp_path / "secret.pdf", "The queen is called Ludmila.")


def protected(path: Path, text: str, password: str = PASSWORD) -> Path:
    canvas = Canvas(str(path))
    canvas.drawString(60, 700, text)
    canvas.save()
    writer = PdfWriter(clone_from=path)
    writer.encrypt(password, algorithm="AES-256")
    writer.write(path)
    return path


def add(engine: Any, path: Path) -> Verdict:
    events = engine.ask(lambda request: AddPaths(request, (str(path),), "Library"))
    (added,) = (event for event in events if isinstance(event, Added))
    return added.file.verdict


def try_password(engine: Any, password: str, *paths: Path, keep: bool = False) -> Any:
    names = tuple(map(str, paths))
    return engine.ask(lambda request: TryPassword(request, names, password, keep))


def test_a_wrong_password_is_told_and_the_right_one_opens(module_engine: Any, secret: Path) -> None:
    assert add(module_engine, secret) is Verdict.PASSWORD
    tried, _ = try_password(module_engine, "wrong", secret)
    assert not tried.is_opened
    assert "No password that was given opens “secret.pdf”. Check" in tried.reason
    tried, end = try_password(module_engine, PASSWORD, secret)
    assert (tried.is_opened, tried.reason, type(end)) == (True, "", Done)
    assert add(module_engine, secret) is Verdict.READY


def test_one_password_is_tried_on_many_files(
    module_engine: Any, secret: Path, tmp_path: Path
) -> None:
    other = protected(tmp_path / "other.pdf", "Something else.", "another")
    gone = tmp_path / "gone.pdf"
    *tried, _ = try_password(module_engine, PASSWORD, other, gone, secret)
    assert [event.is_opened for event in tried] == [False, False, True]
    assert "There is no file" in tried[1].reason


def test_the_viewer_finds_what_was_entered(module_engine: Any, secret: Path) -> None:
    assert found(module_engine, secret) == ()
    try_password(module_engine, PASSWORD, secret)
    assert found(module_engine, secret) == (PASSWORD,)


def found(engine: Any, path: Path) -> tuple[str, ...]:
    answer, _ = engine.ask(lambda request: FindPasswords(request, str(path)))
    assert isinstance(answer, PasswordsFound)
    return answer.passwords


def test_a_changed_file_is_read_with_the_password_that_is_known(
    module_engine: Any, secret: Path
) -> None:
    try_password(module_engine, PASSWORD, secret)
    assert add(module_engine, secret) is Verdict.READY
    protected(secret, "The queen is called Agathe now.")
    assert add(module_engine, secret) is Verdict.READY


def test_with_a_document_its_password_is_forgotten(module_engine: Any, secret: Path) -> None:
    try_password(module_engine, PASSWORD, secret)
    add(module_engine, secret)
    module_engine.ask(lambda request: RemoveDocuments(request, (str(secret),)))
    assert found(module_engine, secret) == ()


def test_whether_there_is_a_keyring_is_told(module_engine: Any) -> None:
    answer, _ = module_engine.ask(FindKeyring)
    assert isinstance(answer, KeyringFound)


def test_no_message_shows_a_password_and_nothing_on_the_disk_holds_one(
    module_engine: Any, secret: Path
) -> None:
    assert PASSWORD not in repr(TryPassword(1, ("a",), PASSWORD, False))
    assert PASSWORD not in repr(PasswordsFound(1, "a", (PASSWORD,)))
    assert PASSWORD not in repr(PasswordTried(1, "a", False, "no"))
    try_password(module_engine, PASSWORD, secret)
    add(module_engine, secret)
    module_engine.ask(lambda request: ListDocuments(request, ""))
    data = module_engine.data
    written = [
        path
        for path in data.rglob("*")
        if path.is_file() and PASSWORD.encode() in path.read_bytes()
    ]
    assert written == []


KEYRING = """
import json
from pathlib import Path
from keyring.backend import KeyringBackend

class Ring(KeyringBackend):
    priority = 9
    file = Path(__file__).with_name("ring.json")

    def held(self):
        return json.loads(self.file.read_text()) if self.file.exists() else {}

    def get_password(self, service, username):
        return self.held().get(username)

    def set_password(self, service, username, password):
        self.file.write_text(json.dumps(self.held() | {username: password}))

    def delete_password(self, service, username):
        self.file.write_text(json.dumps({k: v for k, v in self.held().items() if k != username}))
"""


@pytest.fixture
def keyring_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a keyring of the engine's process holds: a stand-in for the system's."""
    (tmp_path / "ring_of_tests.py").write_text(KEYRING)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "ring_of_tests.Ring")
    return tmp_path / "ring.json"


def test_what_the_keyring_keeps_is_known_in_the_next_session_too(
    engine_on: Any, tmp_path: Path, secret: Path, keyring_file: Path
) -> None:
    data = tmp_path / "data"
    with engine_on(data) as engine:
        assert engine.ask(FindKeyring)[0].is_usable
        try_password(engine, PASSWORD, secret, keep=True)
        assert add(engine, secret) is Verdict.READY
    protected(secret, "The queen is called Agathe now.")
    with engine_on(data) as engine:
        assert add(engine, secret) is Verdict.READY
        assert found(engine, secret) == (PASSWORD,)
        engine.ask(lambda request: RemoveDocuments(request, (str(secret),)))
    assert json.loads(keyring_file.read_text()) == {}


def test_without_the_keyring_it_is_asked_for_again(
    engine_on: Any, tmp_path: Path, secret: Path, keyring_file: Path
) -> None:
    data = tmp_path / "data"
    with engine_on(data) as engine:
        try_password(engine, PASSWORD, secret)
        add(engine, secret)
    with engine_on(data) as engine:
        assert add(engine, secret) is Verdict.UNCHANGED
        assert found(engine, secret) == ()
        protected(secret, "The queen is called Agathe now.")
        assert add(engine, secret) is Verdict.PASSWORD
        listed = engine.ask(lambda request: ListDocuments(request, ""))[0].documents
        assert [entry.passage_count for entry in listed] == [1]  # of what was read before
    assert not keyring_file.exists()
