"""The local API: documents, search and answers over HTTP, on this machine alone.

`GET /documents`, `POST /search` {"question", "k"?} and `POST /ask` {"question", "mode"?} answer
with the JSON of the commands of the same names; both also take "id" and, to keep to
a part of the library, "collection", "documents", "kinds", "folder", "since" and "until". Requests
that a web page could make a browser send are refused.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, TypeVar

from app.engine import Engine
from app.lines import Line, answer_line, document_line, search_line
from app.messages import Answered, Ask, Event, Found, Request, Search
from app.narrowing import narrowing_in, scope_of
from app.performing import FAULT, perform
from rag.errors import BadRequest, DeskbookError, Stopped
from rag.scheduler import Work
from rag.types import Mode, Scope

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
LONGEST_BODY_BYTES = 1_000_000
PATIENCE_S = 30.0  # with a client that has stopped talking in the middle of its request

Wanted = TypeVar("Wanted", Found, Answered)


class Api:
    """An HTTP server over one engine. At its end the answers under way are stopped."""

    def __init__(self, engine: Engine, *, port: int, collection: str = "") -> None:
        """Listen on `port`, on a free one where it is 0. Raises BadRequest where it is taken.

        `collection` is asked where a request names none; all of the library where it is empty.
        """
        try:
            self._server = _Server((HOST, port), _Exchange)
        except (OSError, OverflowError) as error:
            raise BadRequest(
                f"Port {port} cannot be used: {error}.", remedy="Choose another with --port."
            ) from error
        self._server.engine, self._server.collection = engine, collection
        self._server.work = Work(engine.scheduler)
        self._server.timeout = 0.2  # seconds between two looks at whether to go on

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://{HOST}:{self._server.server_port}"

    def serve_until(self, is_stopped: Callable[[], bool]) -> None:
        """Answer requests until then."""
        while not is_stopped():
            self._server.handle_request()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.server_close()
        self._server.work.stop()
        with self._server.engine.one_question:
            pass  # the engine is free: whatever comes to it from here on is stopped at once


class _Server(ThreadingHTTPServer):
    engine: Engine
    collection: str
    work: Work  # of all requests: they are stopped together
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone away is no reason to print a traceback."""
        log.info("an exchange broke off", exc_info=True)


class _Exchange(BaseHTTPRequestHandler):
    """One request and its answer."""

    server: _Server
    timeout = PATIENCE_S
    _content = b""

    def do_GET(self) -> None:
        self._answer({"/documents": self._documents})

    def do_POST(self) -> None:
        self._answer({"/search": self._search, "/ask": self._ask})

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)

    def _answer(self, ways: dict[str, Callable[[], Line]]) -> None:
        try:
            # Read even if it is refused: some systems drop the answer to an unread request.
            self._content = self._read_content()
            self._refuse_browsers()
            if (way := ways.get(self.path)) is None:
                self._send(HTTPStatus.NOT_FOUND, {"error": f"There is no {self.path} here."})
                return
            self._send(HTTPStatus.OK, way())
        except BadRequest as error:
            self._send(HTTPStatus.BAD_REQUEST, {"error": str(error)})
        except DeskbookError as error:
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, {"error": str(error)})
        except Stopped:
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, {"error": "Deskbook is ending."})
        except OSError:
            raise  # the client is gone, and nobody is there to be told
        except Exception:  # a bug of ours must cost this request alone
            log.exception("a request failed by a fault of Deskbook's")
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": FAULT})

    def _refuse_browsers(self) -> None:
        """A page in a browser names its origin; a rebound name is not this machine's."""
        port = self.server.server_port
        if self.headers.get("Origin") or self.headers.get("Host") not in (
            f"{HOST}:{port}",
            f"localhost:{port}",
        ):
            raise BadRequest("This API is not for web pages.", remedy="Ask from a program.")

    def _documents(self) -> Line:
        entries = self.server.engine.catalog.documents.list(self.server.collection)
        return {"documents": [document_line(entry) for entry in entries]}

    def _search(self) -> Line:
        body = self._body()
        question, limit = self._text(body, "question"), body.get("k", 10)
        if type(limit) is not int or limit < 1:
            raise BadRequest('"k" is no whole number above 0.', remedy="Leave it out for 10.")
        found = self._perform(Search(1, question, self._scope(body), limit), Found)
        return search_line(body.get("id"), question, found)

    def _ask(self) -> Line:
        body = self._body()
        question, mode = self._text(body, "question"), body.get("mode", Mode.DOCUMENTS)
        if mode not in list(Mode):
            raise BadRequest(f'There is no mode "{mode}".', remedy='"documents" or "assistant".')
        request = Ask(1, question, Mode(mode), self._scope(body), ())
        answered = self._perform(request, Answered)
        return answer_line(body.get("id"), question, answered.answer)

    def _perform(self, request: Request, kind: type[Wanted]) -> Wanted:
        wanted: list[Wanted] = []

        def keep(event: Event) -> None:
            if isinstance(event, kind):
                wanted.append(event)

        engine = self.server.engine
        with engine.one_question:
            perform(engine, request, keep, self.server.work)
        return wanted[0]

    def _scope(self, body: dict[str, Any]) -> Scope:
        narrowing = narrowing_in(body, collection=self.server.collection)
        return scope_of(narrowing, self.server.engine.catalog)

    def _text(self, body: dict[str, Any], key: str) -> str:
        text = body.get(key)
        if not isinstance(text, str):
            raise BadRequest(f'"{key}" is no text.', remedy='Send {"question": "Who …?"}.')
        return text

    def _read_content(self) -> bytes:
        announced = self.headers.get("Content-Length") or "0"
        length = int(announced) if announced.isdecimal() else 0
        if length > LONGEST_BODY_BYTES:
            raise BadRequest("The request is too long.", remedy="Keep it below a megabyte.")
        return self.rfile.read(length)

    def _body(self) -> dict[str, Any]:
        try:
            body = json.loads(self._content)
        except ValueError as error:
            raise BadRequest("The request is no JSON.", remedy="Send an object.") from error
        if not isinstance(body, dict):
            raise BadRequest("The request is no JSON object.", remedy="Send an object.")
        return body

    def _send(self, status: HTTPStatus, line: Line) -> None:
        content = json.dumps(line, ensure_ascii=False).encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
