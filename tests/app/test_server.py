"""A server that the settings name answers, through the real command line."""

from __future__ import annotations

import socket
from typing import Any

import pytest

TANK = "When will the new water tank be installed?"


@pytest.fixture
def asks_server(own_samples: Any, chat_server: str) -> Any:
    """The program on the samples, with a server that answers."""

    def write(*lines: str) -> Any:
        settings = ["[answers]", "answer_tokens = 40", "evidence_tokens = 200", "[server]", *lines]
        (own_samples.data / "settings.toml").write_text("\n".join(settings), "utf-8")
        return own_samples

    return write


@pytest.fixture
def server_lines(chat_server: str) -> list[str]:
    return [f'address = "{chat_server}"', "context_tokens = 1024", 'key = "the right key"']


def test_an_answer_comes_from_the_server_and_is_cited(
    asks_server: Any, server_lines: list[str]
) -> None:
    ran = asks_server(*server_lines)("ask", TANK, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.line["model"] == "starter"
    assert ran.line["answer"]
    assert ran.line["tokens"]["generated"] > 0


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("key", "wrong", "does not take the key. Write the right one as `key` under [server]"),
        ("model", "phi-4", "has no model “phi-4”. It has: starter. Write one as `model` under"),
        ("address", "nowhere at all", "“nowhere at all” is no address of a server. Write one like"),
    ],
)
def test_what_is_wrong_with_it_is_told(
    asks_server: Any, server_lines: list[str], key: str, value: str, sentence: str
) -> None:
    lines = [line for line in server_lines if not line.startswith(key)]
    ran = asks_server(*lines, f'{key} = "{value}"')("ask", TANK)
    assert ran.code != 0
    assert sentence in ran.err


def test_a_server_that_is_not_there_is_told_and_searching_goes_on(asks_server: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        program = asks_server(f'address = "127.0.0.1:{closed.getsockname()[1]}"')
        ran = program("ask", TANK)
        assert ran.code != 0
        assert "Nobody answers at http://127.0.0.1:" in ran.err
        assert "water tank" in program("search", TANK).out


def test_before_anything_is_sent_elsewhere_the_person_is_told(asks_server: Any) -> None:
    ran = asks_server('address = "https://models.invalid/v1"')("ask", TANK, "--json")
    told, _, failed = ran.err.partition("\n")
    assert told == "deskbook: Your questions and the passages found go to models.invalid."
    assert "Nobody answers at https://models.invalid/v1" in failed
