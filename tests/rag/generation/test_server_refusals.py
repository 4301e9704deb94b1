"""Servers that refuse, fail, end early, talk nonsense or say nothing: a sentence for each."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from rag.errors import ContextTooSmall, ModelError, ModelMissing, ModelUnusable, Stopped
from rag.generation.server_model import ServerModel
from rag.generation.templates import Message

STREAM = "text/event-stream; charset=utf-8"
LLAMA_TOO_LONG = (
    '{"error":{"code":400,"message":"request (9000 tokens) exceeds the available context size '
    '(4096 tokens), try increasing it","type":"exceed_context_size_error","n_ctx":4096}}'
)
VLLM_TOO_LONG = (
    '{"object":"error","message":"This model\'s maximum context length is 4096 tokens. However, '
    'you requested 9600 tokens.","type":"BadRequestError","code":400}'
)
OLLAMA_NO_MODEL = '{"error":{"message":"model \\"phi4\\" not found","type":"not_found_error"}}'


def event(text: str, **more: object) -> bytes:
    chunk = {"choices": [{"delta": {"content": text}, "finish_reason": None}], **more}
    return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"

Reply = Callable[[BaseHTTPRequestHandler, Mapping[str, Any]], None]


def says(
    received: bytes | str, *, status: int = 200, kind: str = STREAM, wait_s: float = 0
) -> Reply:
    """A server that answers a question so, and whose connection then ends."""

    def reply(asked: BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        asked.send_response(status)
        asked.send_header("Content-Type", kind)
        asked.end_headers()
        asked.wfile.write(received if isinstance(received, bytes) else received.encode())
        time.sleep(wait_s)

    return reply


def cut_short(asked: BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
    """Promises more than it sends."""
    asked.send_response(200)
    asked.send_header("Content-Type", STREAM)
    asked.send_header("Content-Length", "9999")
    asked.end_headers()
    asked.wfile.write(event("The"))


@contextmanager
def serving(
    reply: Reply, models: object = ("phi4",), certificate: Path | None = None
) -> Iterator[str]:
    """The address of a server that has these models and answers so."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            listed = {"data": [{"id": name, "max_model_len": 900} for name in models]}  # type: ignore[attr-defined]
            says(json.dumps(listed) if isinstance(models, tuple) else str(models))(self, {})

        def do_POST(self) -> None:
            reply(self, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        running = threading.Thread(target=server.serve_forever, args=(0.02,))
        running.start()
        try:
            yield f"http{'s' * bool(certificate)}://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()
            running.join()


def answer_of(address: str, *, silence_s: float = 20) -> str:
    model = ServerModel(address, model="", key="", context_tokens=4096, silence_s=silence_s)
    asked = [Message("user", "What is the capital of France?")]
    words = model.generate(asked, max_tokens=9, temperature=0, is_stopped=lambda: False)
    return "".join(words)


@pytest.mark.parametrize(
    ("reply", "error", "sentence"),
    [
        (says("{}", status=401), ModelUnusable, "does not take the key. Write the right one"),
        (says("", status=403), ModelUnusable, "does not take the key. Write the right one"),
        (says(OLLAMA_NO_MODEL, status=404), ModelMissing, 'not have the model: model "phi4" not'),
        (says(LLAMA_TOO_LONG, status=400), ContextTooSmall, "exceeds the available context size"),
        (says(VLLM_TOO_LONG, status=400), ContextTooSmall, "maximum context length is 4096 tokens"),
        (says(LLAMA_TOO_LONG, kind="application/json"), ContextTooSmall, "(4096 tokens)"),
        (says(f"error: {LLAMA_TOO_LONG}\n\n"), ContextTooSmall, "(4096 tokens)"),
        (says(f"data: {VLLM_TOO_LONG}\n\n"), ContextTooSmall, "is 4096 tokens"),
        (says('{"detail":"Bad role."}', status=422), ModelUnusable, "the question: Bad role. Look"),
        (says("{}", status=503), ModelUnusable, "is busy, or still loading its model"),
        (says("Out of memory", status=500), ModelUnusable, "failed: Out of memory. Ask again"),
        (says("<html>", status=404), ModelUnusable, "does not speak as OpenAI's do (status 404)"),
        (says("", status=302), ModelUnusable, "it mostly ends in /v1."),
        (says("<html>", kind="text/html"), ModelUnusable, "does not speak as OpenAI's do"),
        (says("data: <nonsense>\n\n"), ModelUnusable, "does not speak as OpenAI's do (no JSON)"),
        (says("data: [1, 2]\n\n"), ModelUnusable, "does not speak as OpenAI's do (no JSON object)"),
        (says(b"data: " + b"x" * (1 << 21)), ModelUnusable, "a line of more than a megabyte"),
        (says(event("The")), ModelUnusable, "ended before its answer did. Look whether it still"),
        (cut_short, ModelUnusable, "ended before its answer did. Look whether it still"),
        (says(DONE), ModelUnusable, "gave an empty answer. Ask again."),
        (says(event("The"), wait_s=1), ModelUnusable, "has said nothing for 0 seconds. Look"),
    ],
)  # fmt: skip
def test_each_failure_is_told_in_a_sentence(
    reply: Reply, error: type[ModelError], sentence: str
) -> None:
    with serving(reply) as address, pytest.raises(error) as raised:
        answer_of(address, silence_s=0.3)
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("models", "error", "sentence"),
    [
        ((), ModelMissing, "has no model. Load one there first."),
        ("<html>", ModelUnusable, "does not speak as OpenAI's do (no JSON)"),
        ("{}", ModelMissing, "has no model. Load one there first."),
        ('{"data": [{"id": 3}, 4]}', ModelMissing, "has no model. Load one there first."),
        ("[" * 100_000, ModelUnusable, "does not speak as OpenAI's do (no JSON)"),
        ("x" * (5 << 20), ModelUnusable, "does not speak as OpenAI's do (too long a reply)"),
    ],
)
def test_a_list_of_models_that_makes_no_sense_is_told(
    models: object, error: type[ModelError], sentence: str
) -> None:
    with serving(says(DONE), models) as address, pytest.raises(error) as raised:
        answer_of(address)
    assert sentence in str(raised.value)


def test_of_many_models_eight_are_named() -> None:
    models = tuple(f"m{number}" for number in range(20))
    with (
        serving(says(DONE), models) as address,
        pytest.raises(ModelMissing, match=r"It has: m0, m1, .*, m7, …\. Write"),
    ):
        ServerModel(address, model="phi4", key="", context_tokens=4096)


def test_where_nobody_listens_the_sentence_says_so() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
        with pytest.raises(ModelUnusable, match=rf"Nobody answers at {address} \([^\[]+\)\. Start"):
            answer_of(address)


def test_a_server_that_speaks_no_tls_is_told() -> None:
    with serving(says(DONE)) as address, pytest.raises(ModelUnusable, match="Nobody answers at"):
        answer_of(address.replace("http:", "https:"))


def test_a_certificate_that_the_system_trusts_is_trusted(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(says(event("Paris.") + DONE), certificate=certificate) as address:
        assert answer_of(address) == "Paris."


def test_a_server_that_cannot_prove_itself_is_sent_nothing(certificate: Path) -> None:
    with (
        serving(says(DONE), certificate=certificate) as address,
        pytest.raises(ModelUnusable, match=f"{address} cannot prove that it is the one: "),
    ):
        answer_of(address)


def test_a_server_that_does_not_know_the_extras_is_asked_without() -> None:
    asked_for = list[set[str]]()

    def strict(asked: BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        asked_for.append(set(body))
        unknown = "stream_options" in body
        refused = says('{"detail": "Extra inputs are not permitted"}', status=422)
        (refused if unknown else says(event("Paris.") + DONE))(asked, body)

    with serving(strict) as address:
        assert answer_of(address) == "Paris."
    assert len(asked_for) == 2
    assert asked_for[1] == {"model", "messages", "max_tokens", "temperature", "stream"}


def test_characters_that_other_readers_take_for_line_ends_pass() -> None:
    with serving(says(event("Pa\u2028r\x85is") + DONE)) as address:
        assert answer_of(address) == "Pa\u2028r\x85is"


def test_comments_thoughts_and_unknown_fields_are_left_aside() -> None:
    thought = b'data: {"choices":[{"delta":{"reasoning_content":"Hmm","content":null}}]}\n\n'
    sent = b": ping\r\n\r\nevent: x\nid: 7\n" + thought + event("Paris.", x=[{}]) + DONE
    with serving(says(sent)) as address:
        assert answer_of(address) == "Paris."


def test_what_the_server_counted_is_the_usage_and_puts_the_estimate_right() -> None:
    usage = {"prompt_tokens": 20, "completion_tokens": 5, "prompt_tokens_details": None}
    ends = [event("", usage=usage, timings={"cache_n": 12}), DONE]
    with serving(says(event("Paris.") + b"".join(ends))) as address:
        model = ServerModel(address, model="phi4", key="", context_tokens=4096)
        asked = [Message("user", "one two three four five six seven eight nine ten")]
        before = model.count(asked[0].content)
        list(model.generate(asked, max_tokens=9, temperature=0, is_stopped=lambda: False))
    assert (model.usage.prompt, model.usage.cached, model.usage.generated) == (20, 12, 5)
    assert before < 20 <= model.count(asked[0].content) <= 23


def test_a_prompt_that_the_server_cut_teaches_nothing() -> None:
    with serving(says(event("Yes.", usage={"prompt_tokens": 2}) + DONE)) as address:
        model = ServerModel(address, model="phi4", key="", context_tokens=4096)
        asked = [Message("user", "one two three four five six seven eight nine ten")]
        before = model.count(asked[0].content)
        list(model.generate(asked, max_tokens=9, temperature=0, is_stopped=lambda: False))
    assert model.count(asked[0].content) == before


def test_the_context_is_the_server_s_where_it_tells_of_less() -> None:
    with serving(says(DONE)) as address:
        model = ServerModel(address, model="phi4", key="", context_tokens=4096)
        assert model.context_tokens == 900
        assert ServerModel(address, model="", key="", context_tokens=600).context_tokens == 600


def test_a_name_may_leave_out_ollama_s_latest() -> None:
    with serving(says(DONE), ("llama3", "phi4:latest")) as address:
        named = ServerModel(address, model="phi4", key="", context_tokens=4096)
    assert named.name == "phi4:latest"


def test_a_stop_is_heard_before_the_first_byte() -> None:
    def silent(asked: BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        time.sleep(1)

    with serving(silent) as address:
        model = ServerModel(address, model="", key="", context_tokens=4096)
        asked = [Message("user", "?")]
        end = time.monotonic() + 0.2
        with pytest.raises(Stopped):
            next(
                model.generate(
                    asked, max_tokens=9, temperature=0, is_stopped=lambda: time.monotonic() > end
                )
            )
        assert time.monotonic() - end < 0.3


def test_the_system_s_proxy_is_for_servers_elsewhere_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with serving(says(event("Paris.") + DONE)) as address:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # where nobody listens
        assert answer_of(address) == "Paris."
        monkeypatch.setenv("http_proxy", address.removesuffix("/v1"))
        assert answer_of("http://models.invalid/v1") == "Paris."
