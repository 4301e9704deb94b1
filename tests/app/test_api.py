"""The local API over real HTTP: what it answers, and whom it refuses."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.api import Api
from app.engine import Engine
from app.settings import Paths, Settings

BATTERIES = "How long do the batteries of the outdoor sensor last?"

Reply = tuple[int, dict[str, Any]]
Send = Callable[..., Reply]


@pytest.fixture(scope="module")
def address(samples: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where an API answers over a library with the samples."""
    stopped = threading.Event()
    data = tmp_path_factory.mktemp("api") / "data"
    shutil.copytree(samples.data, data)
    with Engine(Settings(Paths.of(data))) as engine, Api(engine, port=0) as api:
        serving = threading.Thread(target=api.serve_until, args=(stopped.is_set,))
        serving.start()
        yield api.address
        stopped.set()
        serving.join()


@pytest.fixture
def send(address: str) -> Send:
    return lambda *asked, **more: exchange(address, *asked, **more)


def exchange(address: str, path: str, body: object = None, **headers: str) -> Reply:
    """One request, a POST if it has a body."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    try:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        if body is None:
            connection.request("GET", path, headers=headers)
        else:
            connection.request("POST", path, content, headers)
        response = connection.getresponse()
        assert response.headers["Content-Type"] == "application/json; charset=utf-8"
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_documents_are_listed_as_the_command_lists_them(send: Send) -> None:
    status, reply = send("/documents")
    assert status == 200
    names = {Path(document["path"]).name for document in reply["documents"]}
    assert "weather-station-manual.pdf" in names
    assert set(reply["documents"][0]) >= {"document", "title", "state", "pages", "collection"}


def test_a_search_answers_with_the_command_s_keys(send: Send) -> None:
    status, reply = send("/search", {"id": "a", "question": BATTERIES, "k": 2})
    assert status == 200
    assert list(reply) == ["id", "question", "passages", "evidence", "seconds"]
    assert (reply["id"], len(reply["passages"])) == ("a", 2)


def test_a_question_is_answered_with_its_citations(send: Send) -> None:
    status, reply = send("/ask", {"id": 1, "question": BATTERIES})
    assert status == 200
    assert "30 months" in reply["answer"]
    assert reply["citations"][0]["page"] == 7


def test_a_collection_may_be_named(send: Send) -> None:
    _, none = send("/search", {"question": BATTERIES, "collection": "Elsewhere"})
    assert none["passages"] == []
    _, all_of_it = send("/search", {"question": BATTERIES, "collection": "Library"})
    assert len(all_of_it["passages"]) == 10


def test_documents_may_be_named(send: Send) -> None:
    manual = "weather-station-manual.pdf"
    asked = {"question": BATTERIES, "documents": [manual], "kinds": ["pdf"]}
    _, reply = send("/search", asked)
    assert {Path(passage["path"]).name for passage in reply["passages"]} == {manual}
    _, answered = send("/ask", asked | {"until": "1990-01-01"})
    assert answered["answer"].startswith("There are no documents in the part")


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/search", b"{no json", "The request is no JSON. Send an object."),
        ("/search", b"\xff\xfe", "The request is no JSON."),
        ("/search", ["question"], "The request is no JSON object."),
        ("/search", {}, '"question" is no text.'),
        ("/search", {"question": " "}, "The question is empty. Type a question."),
        ("/ask", {"question": ""}, "The question is empty. Type a question."),
        ("/ask", {"question": 5}, '"question" is no text.'),
        ("/ask", {"question": "why?", "mode": "oracle"}, 'There is no mode "oracle".'),
        ("/ask", {"question": "why?", "mode": {}}, "There is no mode"),
        ("/ask", {"question": "why?", "collection": 1}, '"collection" is no text.'),
        ("/ask", {"question": "why?", "documents": ["?"]}, "There is no document '?'"),
        ("/ask", {"question": "why?", "kinds": "pdf"}, '"kinds" is no list of texts.'),
        ("/search", {"question": "why?", "since": "1.2.24"}, "'1.2.24' is no date."),
        ("/search", {"question": "why?", "k": 0}, '"k" is no whole number above 0.'),
        ("/search", {"question": "why?", "k": True}, '"k" is no whole number above 0.'),
    ],
)
def test_a_request_that_makes_no_sense_is_told(
    send: Send, path: str, body: object, said: str
) -> None:
    status, reply = send(path, body)
    assert status == 400
    assert said in reply["error"]


def test_a_request_that_is_too_long_is_not_read(send: Send) -> None:
    status, reply = send("/search", b"", **{"Content-Length": "1000001"})
    assert status == 400
    assert reply["error"] == "The request is too long. Keep it below a megabyte."


def test_a_length_that_is_no_number_is_no_traceback(
    send: Send, capfd: pytest.CaptureFixture[str]
) -> None:
    status, _ = send("/search", b"{}", **{"Content-Length": "-5"})
    assert status == 400
    assert capfd.readouterr().err == ""


def test_an_unknown_path_is_told(send: Send) -> None:
    assert send("/nowhere") == (404, {"error": "There is no /nowhere here."})
    assert send("/documents", {})[0] == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Host": "example.org"},
        {"Host": "127.0.0.1:1"},
        {"Host": ""},
    ],
)
def test_what_a_web_page_sends_is_refused(send: Send, headers: dict[str, str]) -> None:
    for path, body in (("/documents", None), ("/ask", {"question": BATTERIES})):
        status, reply = send(path, body, **headers)
        assert status == 400
        assert "not for web pages" in reply["error"]


def test_it_answers_under_the_name_localhost_too(send: Send, address: str) -> None:
    port = address.rpartition(":")[2]
    assert send("/documents", Host=f"localhost:{port}")[0] == 200


def test_a_client_that_goes_away_disturbs_nobody(
    send: Send, address: str, capfd: pytest.CaptureFixture[str]
) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as client:
        client.sendall(b"POST /search HTTP/1.1\r\nContent-Length: 99\r\n")
    assert send("/documents")[0] == 200
    assert capfd.readouterr().err == ""


def test_a_port_that_is_taken_is_a_wrong_command(samples: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = samples("serve", "--port", port)
    assert ran.code == 2
    assert f"Port {port} cannot be used" in ran.err
    assert "Choose another with --port." in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent Ctrl+C alone")
@pytest.mark.timeout(200)
def test_ctrl_c_ends_it_cleanly_in_the_middle_of_an_answer(own_samples: Any) -> None:
    with own_samples.start("serve", "--port", "0", "--json") as process:
        address = json.loads(process.stdout.readline())["address"]
        assert exchange(address, "/search", {"question": BATTERIES})[0] == 200
        asking = threading.Thread(target=ask_and_be_refused, args=(address,))
        asking.start()
        asking.join(2)  # it is at work: the model reads its prompt
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        asking.join()
    assert (process.returncode, out) == (0, "")
    assert err == f"Deskbook answers at {address}; Ctrl+C ends it.\n"


def ask_and_be_refused(address: str) -> None:
    try:
        exchange(address, "/ask", {"question": BATTERIES})
    except OSError:
        return  # it had gone before it could say so
