"""The door, with a real engine behind it: what is asked is answered, whatever becomes of it."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, get_args

import psutil
import pytest

from app.door import Door, EndReason, EngineEnd
from app.messages import (
    Added,
    Adding,
    AddPaths,
    Answered,
    Ask,
    Done,
    Ended,
    EngineLost,
    Event,
    Failed,
    Found,
    LibraryChanged,
    ListDocuments,
    Loading,
    Quoted,
    ReadText,
    RemoveDocuments,
    Search,
    Stop,
    WasStopped,
    Words,
)
from app.settings import Paths, Settings
from rag.types import EVERYWHERE, Kind, Mode, Scope, State, Verdict

ROOT = Path(__file__).parents[2]
SIGKILL = getattr(signal, "SIGKILL", signal.SIGTERM)
BATTERIES = "How long do the batteries of the outdoor sensor last?"


def ask(request_id: int) -> Ask:
    return Ask(request_id, BATTERIES, Mode.DOCUMENTS, EVERYWHERE, ())


def long_ask(request_id: int) -> Ask:
    """Read and answered for seconds on any machine, so that it runs still when something comes."""
    text = "Go on: " + "The heron stood in the reeds and waited for the eels. " * 300
    return Ask(request_id, text, Mode.ASSISTANT, EVERYWHERE, ())


def kinds(events: tuple[Any, ...]) -> list[type]:
    """The kinds of events in their order, each once where it comes several times running."""
    found: list[type] = []
    for event in events:
        if not found or found[-1] is not type(event):
            found.append(type(event))
    return found


def family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def are_gone(processes: list[psutil.Process], within_s: float) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=within_s)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def folder_of_notes(folder: Path, count: int) -> Path:
    """Enough to keep an engine busy for a while."""
    folder.mkdir()
    for number in range(count):
        lines = (f"In {folder.name}, bird {number} sang {line} times." for line in range(80))
        (folder / f"{number}.md").write_text("\n\n".join(lines))
    return folder


@pytest.mark.parametrize(
    ("exit_code", "asked", "reason", "said"),
    [
        (0, True, EndReason.ASKED, "The engine has ended."),
        (-11, True, EndReason.ASKED, "The engine has ended."),
        (-9, False, EndReason.KILLED, "ended by the system (signal 9), often for memory."),
        (-15, False, EndReason.KILLED, "ended by the system (signal 15), often for memory."),
        (-11, False, EndReason.CRASHED, "The engine has crashed (signal 11)."),
        (-6, False, EndReason.CRASHED, "The engine has crashed (signal 6)."),
        (1, False, EndReason.CRASHED, "The engine has crashed (exit code 1)."),
        (0, False, EndReason.CRASHED, "The engine has crashed (exit code 0)."),
    ],
)
def test_an_end_says_how_it_came(exit_code: int, asked: bool, reason: EndReason, said: str) -> None:
    end = EngineEnd.of(exit_code, asked=asked)
    assert end.reason is reason
    assert said in end.sentence


def test_it_says_what_it_loads_and_then_that_it_is_ready(engine: Any) -> None:
    loading = [event.what for event in engine.opening if isinstance(event, Loading)]
    assert loading[0] == "the search by meaning"  # a small model may be there before it
    ready = engine.opening[-1]
    assert (ready.request_id, ready.model, ready.notice) == (0, "starter", "")
    assert ready.is_demonstration
    assert ready.context_tokens == 8_192


def test_an_answer_comes_in_order(engine: Any) -> None:
    events = engine.ask(ask)
    assert kinds(events) == [Found, Quoted, Words, Answered, Done]
    answer = events[-2].answer
    assert answer.text == events[1].quotation.text
    assert "30 months" in answer.text
    assert "".join(e.text for e in events if isinstance(e, Words)).strip() == answer.words


def test_a_search_finds(engine: Any) -> None:
    found, done = engine.ask(lambda i: Search(i, "ferry ticket", EVERYWHERE, 3))
    assert len(found.passages) == 3
    assert done == Done(found.request_id)


def test_a_search_keeps_to_its_scope(engine: Any) -> None:
    pdfs = Scope(kinds=(Kind.PDF,))
    found, _ = engine.ask(lambda i: Search(i, "ferry ticket", pdfs, 3))
    assert {passage.kind for passage in found.passages} == {Kind.PDF}


def test_a_note_is_added_read_and_removed(engine: Any, note: Path) -> None:
    events = engine.ask(lambda i: AddPaths(i, (str(note),), "Garden"))
    assert kinds(events) == [Adding, Added, LibraryChanged, Done]
    assert [event.stage for event in events if isinstance(event, Adding)] == [
        "reading",
        "embedding",
    ]
    added = next(event for event in events if isinstance(event, Added))
    assert (added.file.verdict, added.done, added.total) == (Verdict.READY, 1, 1)
    listed, _ = engine.ask(lambda i: ListDocuments(i, "Garden"))
    (entry,) = listed.documents
    assert (entry.document, entry.state) == (added.file.document, State.READY)
    text, _ = engine.ask(lambda i: ReadText(i, entry.document))
    assert text.text == note.read_text()
    assert [span.of(text.text) for span in text.headings] == ["# Balcony"]
    removed = engine.ask(lambda i: RemoveDocuments(i, (entry.document,)))
    assert kinds(removed) == [LibraryChanged, Done]
    assert engine.ask(lambda i: ListDocuments(i, "Garden"))[0].documents == ()


def test_an_unknown_document_fails_with_a_sentence(engine: Any) -> None:
    for make in (lambda i: ReadText(i, "none"), lambda i: RemoveDocuments(i, ("none",))):
        (failed,) = engine.ask(make)
        assert "no document 'none' in the library" in failed.what
        assert "`deskbook documents`" in failed.remedy


def test_the_list_comes_while_an_answer_runs(engine: Any) -> None:
    request = long_ask(engine.door.new_request_id())
    engine.door.send(request)
    listing = engine.door.new_request_id()
    engine.door.send(ListDocuments(listing, ""))
    events = engine.until(lambda event: event in (Done(listing), Done(request.request_id)))
    assert events[-1] == Done(listing)
    assert stopped_after_s(engine, request.request_id) < 1


def test_a_question_is_stopped_within_a_second(engine: Any) -> None:
    request = long_ask(engine.door.new_request_id())
    engine.door.send(request)
    time.sleep(0.3)  # the model reads its prompt
    assert stopped_after_s(engine, request.request_id) < 1


def test_an_import_is_stopped_within_a_second(engine: Any, tmp_path: Path) -> None:
    request_id = engine.door.new_request_id()
    folder = folder_of_notes(tmp_path / "notes", 40)
    engine.door.send(AddPaths(request_id, (str(folder),), "Birds"))
    engine.wait_for(Added, request_id)
    assert stopped_after_s(engine, request_id) < 1


def stopped_after_s(engine: Any, request_id: int) -> float:
    started = time.monotonic()
    engine.door.send(Stop(request_id))
    assert engine.until_ended(request_id)[-1] == WasStopped(request_id)
    return time.monotonic() - started


def test_a_request_that_waits_for_its_turn_is_stopped_at_once(engine: Any) -> None:
    first, second = (ask(engine.door.new_request_id()) for _ in range(2))
    for request in (first, second, Stop(second.request_id)):
        engine.door.send(request)
    events = engine.until(lambda event: event == Done(first.request_id))
    (stopped,) = (event for event in events if event.request_id == second.request_id)
    assert stopped == WasStopped(second.request_id)
    assert events.index(stopped) < next(
        index for index, event in enumerate(events) if isinstance(event, Answered)
    )


def test_every_request_ends_exactly_once(engine: Any, tmp_path: Path) -> None:
    folder = str(folder_of_notes(tmp_path / "many", 10))
    new_id = engine.door.new_request_id
    requests = [
        AddPaths(new_id(), (folder,), "Birds"),
        ask(new_id()),
        Search(new_id(), "bird", EVERYWHERE, 5),
        Search(new_id(), "", EVERYWHERE, 5),
        ReadText(new_id(), "none"),
        ListDocuments(new_id(), ""),
        Ask(new_id(), "Who sang?", Mode.DOCUMENTS, EVERYWHERE, ()),
        AddPaths(new_id(), ("nowhere.md",), "Birds"),
    ]
    for request in requests:
        engine.door.send(request)
    for stopped in (requests[6], requests[5], requests[0], requests[1], requests[1]):
        engine.door.send(Stop(stopped.request_id))
    open_ids = {request.request_id for request in requests}
    ended: list[int] = []

    def is_last(event: Event) -> bool:
        if isinstance(event, get_args(Ended)) and event.request_id:
            ended.append(event.request_id)
        return open_ids <= set(ended)

    engine.until(is_last)
    engine.ask(lambda i: ListDocuments(i, ""))
    assert sorted(ended) == sorted(open_ids)


@pytest.mark.timeout(300)
def test_a_killed_engine_is_told_mended_by_opening_again_and_ends_when_asked(
    own_engine: Any, own_samples: Any, tmp_path: Path
) -> None:
    importing, processes = busy(own_engine, folder_of_notes(tmp_path / "notes", 60))
    asking = ask(own_engine.door.new_request_id())
    own_engine.door.send(asking)
    os.kill(own_engine.door.engine_pid, SIGKILL)
    events = own_engine.until(
        lambda event: isinstance(event, EngineLost) and event.request_id == asking.request_id
    )
    lost = [event for event in events if isinstance(event, EngineLost)]
    assert [event.request_id for event in lost] == [importing, asking.request_id]
    end = own_engine.end()
    assert (end.reason, lost[0].what) == (EndReason.KILLED, end.sentence)
    assert are_gone(processes, within_s=3)

    own_engine.open()
    assert kinds(own_engine.ask(ask))[-2:] == [Answered, Done]
    _, processes = busy(own_engine, folder_of_notes(tmp_path / "more", 60))
    started = time.monotonic()
    own_engine.door.close()
    assert are_gone(processes, within_s=max(0, 3 - (time.monotonic() - started)))
    assert own_engine.end().reason is EndReason.ASKED
    assert own_samples("search", "birds", "--quiet").code == 0  # mends what was cut short
    assert own_samples("doctor").code == 0


def busy(listener: Any, folder: Path) -> tuple[int, list[psutil.Process]]:
    """Give the engine an import to do; the request's id, and engine and reader at work."""
    request_id = listener.door.new_request_id()
    listener.door.send(AddPaths(request_id, (str(folder),), "Birds"))
    listener.wait_for(Added, request_id)
    processes = family(listener.door.engine_pid)
    assert len(processes) >= 2
    return request_id, processes


def test_a_request_without_an_engine_is_lost_at_once(closed: Any) -> None:
    (lost,) = closed.ask(ask)
    assert isinstance(lost, EngineLost)
    closed.door.close()  # there is nothing to close, and no harm in it


def test_a_request_sent_while_the_end_is_told_is_lost_too(tmp_path: Path) -> None:
    lost: queue.Queue[Event] = queue.Queue()
    door = Door(
        Settings(Paths.of(tmp_path)),
        on_event=lost.put,
        on_end=lambda end: door.send(ListDocuments(7, "")),
    )
    door.open()
    assert door.engine_pid is not None
    os.kill(door.engine_pid, SIGKILL)
    assert isinstance(lost.get(timeout=10), EngineLost)
    door.close()
    assert lost.empty()


@pytest.mark.timeout(300)
def test_a_second_engine_on_a_library_refuses_each_request(samples: Any, closed: Any) -> None:
    with samples.start("serve", "--port", "0") as first:
        first.stderr.readline()
        closed.door.open()
        closed.wait_for(Failed, 0)
        for make in (ask, lambda i: ListDocuments(i, "")):
            (failed,) = closed.ask(make)
            assert "is open in another Deskbook" in failed.what
            assert "Close that one first" in failed.remedy
        closed.door.close()
        assert closed.end().reason is EndReason.ASKED
        first.kill()
        first.communicate()


OPEN_AND_ADD = """
import json, sys, time
from pathlib import Path
import psutil
from app.door import Door
from app.messages import Added, AddPaths
from app.settings import Paths, Settings

def show(event):
    if isinstance(event, Added):
        below = psutil.Process().children(recursive=True)
        print(json.dumps([process.pid for process in below]), flush=True)

if __name__ == "__main__":
    door = Door(Settings(Paths.of(Path(sys.argv[1]))), on_event=show, on_end=print)
    door.open()
    door.send(AddPaths(door.new_request_id(), (sys.argv[2],), ""))
    time.sleep(600)
"""


@pytest.mark.timeout(300)
def test_engine_and_reader_die_with_a_parent_that_is_killed(deskbook: Any, tmp_path: Path) -> None:
    script = tmp_path / "open_and_add.py"
    script.write_text(OPEN_AND_ADD)
    notes = folder_of_notes(tmp_path / "notes", 60)
    with subprocess.Popen(
        [sys.executable, script, deskbook.data, notes],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as parent:
        assert parent.stdout is not None
        below = [psutil.Process(pid) for pid in json.loads(parent.stdout.readline())]
        assert len(below) >= 2
        parent.send_signal(SIGKILL)
        parent.wait(10)
        assert are_gone(below, within_s=5)
    assert deskbook("doctor").code in (0, 1)
    deskbook("search", "birds", "--quiet")
    assert deskbook("doctor").code == 0
