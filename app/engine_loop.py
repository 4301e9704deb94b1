"""The engine process's inside: requests come in, events go out, eight lanes do the work.

Questions, imports, scans, passwords, models, downloads, quick look-ups and a change of the embedder
each have a lane, so that none waits for another kind; who goes first among them is the scheduler's
affair. The process ends with its window, however that one ends.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

from app import channel
from app.card_deaths import note_at_rest
from app.embedder_change import ChangeInBackground
from app.engine import Engine
from app.following import Following
from app.lanes import Lane
from app.language_models import LanguageModels
from app.messages import (
    AddPaths,
    Anticipate,
    Ask,
    Done,
    Event,
    Failed,
    FindKeyring,
    FindPasswords,
    GetModel,
    ImportModel,
    LibraryChanged,
    ListModels,
    LookAgain,
    Pause,
    RecognizeScans,
    RemoveModel,
    Request,
    Resume,
    Search,
    Stop,
    TryPassword,
    UnfollowFolder,
    UseModel,
    WasStopped,
)
from app.opening import Opening
from app.pending import PendingImport, PendingImports
from app.performing import perform_to_end
from app.scanning import Scanning
from app.settings import DEFAULT_COLLECTION, Settings
from app.spare_time import SpareTime
from rag.errors import DeskbookError, Stopped
from rag.scheduler import Work

log = logging.getLogger(__name__)

NOBODY = 0  # the request id of events that answer no request
LANES = (
    "questions",
    "imports",
    "scans",
    "passwords",
    "models",
    "downloads",
    "quick",
    "embedder",
)
GRACE_S = 2.0  # for the lanes to come to an end


def serve(connection: Connection, settings: Settings, language_models: LanguageModels) -> None:
    """Answer requests until the other end is gone; then the process exits.

    `language_models` are being opened by now.
    """
    loop = EngineLoop(connection)
    try:
        engine = Engine(settings, language_models)
    except DeskbookError as error:
        log.warning("the engine cannot open: %s", error)
        threading.Thread(target=language_models.give_up, name="giving-up", daemon=True).start()
        loop.refuse(error)
    else:
        if loop.run(engine):
            engine.close()
        note_at_rest(settings.paths)  # of a refused engine nothing is known: the card is another's
    logging.shutdown()
    os._exit(0)  # a lane that is still in native code must not hold the process


class EngineLoop:
    """Hands each request to its lane, and stops those that are to stop."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._waiting: dict[int, Work] = {}  # in a lane, not begun yet
        self._running: dict[int, Work] = {}
        self._anticipating = NOBODY  # the request that the next one takes the place of
        self._is_ending = False

    def run(self, engine: Engine) -> bool:
        """Until the other end is gone; whether all work has then come to an end."""
        lanes = tuple(map(Lane, LANES))
        questions, imports, scans, passwords, models, downloads, quick, embedder = lanes
        background = Work(engine.scheduler)
        scanning = Scanning(engine, scans, background, self._emit_unasked)
        following = Following(engine, imports, background, self._emit_unasked, then=scanning.begin)
        spare = SpareTime(engine, questions)
        opening = Opening(engine, self.emit, is_ending=lambda: self._is_ending)
        questions.submit(opening.run)
        questions.submit(spare.begin)
        pending = PendingImports(engine.settings.paths.pending)
        left = pending.left()
        # First what a person waits for: Chroma's import alone takes most of a second.
        imports.submit(opening.wait)
        imports.submit(following.begin)
        imports.submit(lambda: self._recover(engine, background, left))
        changing = ChangeInBackground(
            engine, background, self.emit, finishing=imports, held_up=scanning.held_up
        )
        imports.submit(lambda: embedder.submit(changing.run))  # once the old is whole again
        while request := self._next_request():
            match request:
                case Stop(request_id):
                    self._stop(request_id)
                case Pause(request_id) | Resume(request_id):
                    self._pause(request_id, isinstance(request, Pause))
                case Ask() | Search() | Anticipate() | UseModel():
                    self._stop(self._anticipating)
                    is_guess = isinstance(request, Anticipate)
                    self._anticipating = request.request_id if is_guess else NOBODY
                    self._submit(questions, engine, request, then=spare.begin)
                    spare.make_way()  # only now: what begins from here on is behind it in the lane
                case AddPaths():
                    self._submit(imports, engine, request, then=pending.note(request).forget)
                    imports.submit(following.begin)  # there may be a folder more, or scans
                case UnfollowFolder():
                    self._submit(quick, engine, request)
                    quick.submit(following.begin)  # there is a folder less
                case LookAgain():
                    quick.submit(partial(self._look_again, following, request))
                case RecognizeScans():
                    self._submit(scans, engine, request)
                case GetModel() | ImportModel(is_copied=True):
                    self._submit(downloads, engine, request)
                case ListModels() | ImportModel() | RemoveModel():
                    self._submit(models, engine, request)  # folders of other programs are read
                case TryPassword() | FindPasswords() | FindKeyring():
                    self._submit(passwords, engine, request)  # a keyring may ask the person
                case _:
                    self._submit(quick, engine, request)
        self._is_ending = True
        spare.make_way()
        following.end()
        self._waiting.clear()
        for work in (background, *list(self._running.values())):
            work.stop()
        finished = [lane.finish(GRACE_S / len(lanes)) for lane in lanes]
        return all(finished)

    def refuse(self, error: DeskbookError) -> None:
        """Until the other end is gone, answer each request with the reason why none can be."""
        self.emit(Failed(NOBODY, error.what, error.remedy))
        while request := self._next_request():
            self.emit(Failed(request.request_id, error.what, error.remedy))

    def emit(self, event: Event) -> None:
        """Send an event; from any thread. Where the other end is gone, nobody needs it."""
        try:
            with self._sending:
                channel.send(self._connection, event)
        except OSError:
            log.info("the window is gone")

    def _next_request(self) -> Request | None:
        try:
            return cast(Request, channel.receive(self._connection))
        except (EOFError, OSError):
            return None

    def _submit(
        self,
        lane: Lane,
        engine: Engine,
        request: Request,
        *,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        """`then` is called when it is done or was stopped, but not where the engine's end cut it
        short.
        """
        request_id = request.request_id
        work = self._waiting[request_id] = Work(engine.scheduler)

        def job() -> None:
            # Running before it is no longer waiting: a stop finds it in the one or the other.
            self._running[request_id] = work
            if self._waiting.pop(request_id, None) is not None:
                perform_to_end(engine, request, self.emit, work)
            self._running.pop(request_id, None)
            if not self._is_ending:
                then()

        lane.submit(job)

    def _pause(self, request_id: int, is_paused: bool) -> None:
        if work := self._waiting.get(request_id) or self._running.get(request_id):
            (work.pause if is_paused else work.resume)()

    def _stop(self, request_id: int) -> None:
        """What waits for its turn ends at once, what runs at its next checkpoint."""
        if self._waiting.pop(request_id, None) is not None:
            self.emit(WasStopped(request_id))
        elif work := self._running.get(request_id):
            work.stop()

    def _look_again(self, following: Following, request: LookAgain) -> None:
        try:
            following.look_again(Path(request.path) if request.path else None)
        except DeskbookError as error:
            self.emit(Failed(request.request_id, error.what, error.remedy))
        else:
            self.emit(Done(request.request_id))

    def _recover(self, engine: Engine, work: Work, left: Sequence[PendingImport]) -> None:
        """Finish what a sudden end has cut short."""
        try:
            engine.library.reconcile(work)
            if engine.embedder_choice.is_settled:  # else what is there is another's, and needed
                engine.vectors.tidy(work.checkpoint)
        except Stopped:
            return
        for path, collection in engine.library.unfinished():
            request = AddPaths(NOBODY, (str(path),), collection or DEFAULT_COLLECTION)
            perform_to_end(engine, request, self._emit_unasked, work)
        for each in left:
            request = AddPaths(NOBODY, each.paths, each.collection)
            perform_to_end(engine, request, self._emit_unasked, work)
            if not self._is_ending:
                each.forget()
        self.emit(LibraryChanged(NOBODY))

    def _emit_unasked(self, event: Event) -> None:
        if isinstance(event, LibraryChanged):
            self.emit(event)
