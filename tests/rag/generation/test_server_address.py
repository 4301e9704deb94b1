"""Addresses of servers: made whole, and told apart by where they lead."""

from __future__ import annotations

import pytest

from rag.errors import ModelUnusable
from rag.generation.server_address import complete_address, is_on_this_machine, notice_of


@pytest.mark.parametrize(
    ("written", "complete"),
    [
        ("localhost:8080", "http://localhost:8080/v1"),
        (" http://localhost:8080/v1/ ", "http://localhost:8080/v1"),
        ("https://models.example.org/openai/v1", "https://models.example.org/openai/v1"),
        ("http://[::1]:11434", "http://[::1]:11434/v1"),
    ],
)
def test_an_address_is_made_whole(written: str, complete: str) -> None:
    assert complete_address(written) == complete


@pytest.mark.parametrize(
    "written",
    ["", "http://", "ftp://host/v1", "http://host:99999", "http://user:pass@host", "my server"],
)
def test_what_is_no_address_is_told_in_a_sentence(written: str) -> None:
    with pytest.raises(ModelUnusable, match=r"is no address of a server\. Write one like http"):
        complete_address(written)


@pytest.mark.parametrize(
    "address",
    [
        "localhost:8080", "http://LOCALHOST/v1", "http://localhost.:1/v1", "http://127.0.0.1:1",
        "http://127.8.9.1", "http://[::1]:8080/v1", "http://[::ffff:127.0.0.1]", "a.localhost",
    ],
)  # fmt: skip
def test_loopback_is_on_this_machine(address: str) -> None:
    assert is_on_this_machine(address)
    assert notice_of(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "http://192.168.1.5:8080", "http://example.org", "http://localhost.example.org",
        "http://127.0.0.1.example.org", "http://[fe80::1]:1", "http://128.0.0.1", "http://0x7f.1",
    ],
)  # fmt: skip
def test_all_else_is_not_and_the_person_is_told(address: str) -> None:
    assert not is_on_this_machine(address)
    assert notice_of(address).startswith("Your questions and the passages found go to ")


def test_the_notice_names_the_host_and_says_when_others_can_read() -> None:
    sent = "Your questions and the passages found go to example.org."
    assert notice_of("https://example.org:8443/v1") == sent
    assert notice_of("http://example.org/v1") == f"{sent} Others on the way can read them."


def test_without_a_server_there_is_nothing_to_know() -> None:
    assert notice_of("") == ""
