"""What reading ahead while the person types saves after Enter, and what it reads for nothing.

Two measurements. `corpora`: the questions of the development set typed word by word at an even
pace, with the program's own search and arranging of evidence, and a model that only takes its time
to read; the questions are split by a hash into a half for choosing the rule and a half that is
reported. `samples`: the sample questions typed into a real engine with the starter, in real time,
first without reading ahead, then with it, and then with a pause before Enter. Nothing is said of
answers, nor of people, who type unevenly and hesitate, which gives the model more time.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import fmean, median

from retrieval_evaluation.corpora import files_and_questions, tokens_for
from retrieval_evaluation.gold import Half
from retrieval_evaluation.libraries import KEPT, opened
from retrieval_evaluation.run import Run
from spine import ROOT, SAMPLES, commit, machine

from app.engine import Engine
from app.messages import Answered, Anticipate, Ask, Event, Quoted, Words
from app.performing import perform, perform_to_end
from app.settings import DEFAULT_COLLECTION, Paths, Settings
from rag.budgeting import evidence_tokens
from rag.generation.speed import Speed
from rag.prompting import Evidence, numbered
from rag.reading_ahead import MOST_OVER, ReadingAhead
from rag.research import Findings, Research
from rag.scheduler import Work
from rag.types import EVERYWHERE, Mode

SHARED = ROOT.parent / "shared" / "data"
KEY_S = 0.2  # 60 words a minute
PAUSE_S = 0.25  # after which the window tells what was typed
ENTER_S = 0.3  # from the last letter
FEWEST_WORDS = 3
SEARCH_S = 0.06  # from a pause to the evidence
SPEEDS = (40, 120, 400)  # tokens of a prompt a second, on laptops

Count = Callable[[str], int]
Figures = dict[str, float]


def main() -> int:
    """Measure and print, a JSON line at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--half", type=Half, choices=list(Half), default=Half.REPORTING)
    parser.add_argument("--most", type=int, default=1_000, help="questions at most")
    parser.add_argument("--set", choices=("corpora", "samples"), action="append")
    parser.add_argument("--keep", type=Path, default=KEPT, help="where libraries are kept")
    arguments = parser.parse_args()
    run = Run(arguments.folder, arguments.keep, arguments.half)
    figures: dict[str, Figures] = {}
    sets = arguments.set or ("corpora", "samples")
    if "corpora" in sets:
        figures |= measure_corpora(run, arguments.most)
    if "samples" in sets:
        figures |= measure_samples()
    for name, values in figures.items():
        print(f"{name:34}" + "".join(f"  {key} {value:.2f}" for key, value in values.items()))
    about = {"half": run.half, "machine": machine(), "commit": commit()}
    print(json.dumps(about | {"figures": figures}))
    return 0


# --- the development set, with a model that only takes its time ---------------------------------


@dataclass(frozen=True, slots=True)
class Pause:
    """What was found where the typing pauses, and for how long the model can read then."""

    findings: Findings
    seconds: float

    def wanted(self, tokens: int, count: Count) -> Evidence:
        return self.findings.gather(tokens, count) if self.findings.has_evidence else ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """In tokens of evidence, at Enter."""

    wanted: int
    left: int  # still to be read
    in_prompt: int
    read: int  # while the question was typed
    has_settled: bool  # half of it was wanted a word before


def measure_corpora(run: Run, most: int) -> dict[str, Figures]:
    """For each speed of reading, over the questions for which there is evidence."""
    files, questions = files_and_questions(run.folder / "retrieval")
    texts = [question.text for question in questions if question.half is run.half][:most]
    with opened("corpora", files, run.kept) as engine:
        ends = tokens_for(run.folder, engine)
        count = lru_cache(100_000)(lambda text: len(ends(text)))
        research = Research(engine.retriever, engine.embedder)
        typed = [list(pauses(research, text)) for text in texts]
    typed = [each for each in typed if each[-1].findings.has_evidence]
    return {
        f"reading {speed} tokens a second": summary([outcome(each, speed, count) for each in typed])
        for speed in SPEEDS
    }


def pauses(research: Research, question: str) -> Iterator[Pause]:
    """After each word from the third on; the last one is Enter."""
    words = question.split()
    ends = [KEY_S * len(" ".join(words[:number])) for number in range(len(words) + 1)]
    for number in range(FEWEST_WORDS, len(words) + 1):
        findings = research.find(" ".join(words[:number]), EVERYWHERE)
        after = PAUSE_S if number + 1 < len(words) else ENTER_S
        until = ends[number + 1] + after if number < len(words) else 0.0
        yield Pause(findings, max(0.0, until - ends[number] - PAUSE_S - SEARCH_S))


def outcome(typed: Sequence[Pause], speed: float, count: Count) -> Outcome:
    """One question typed, with the program's own rule of how much is read and what is kept."""
    tokens = evidence_tokens(Speed(speed, 1.0, 1.0), is_thorough=False, context_tokens=16_384)
    ahead = ReadingAhead()
    read, cached = 0, ""
    most = int(tokens * MOST_OVER)
    for pause in typed[:-1]:
        evidence = ahead.arrange(pause.wanted(tokens, count), most, count)
        if evidence and ahead.has_settled(count):
            more, cached = read_in_time(ahead, evidence, cached, int(pause.seconds * speed), count)
            read += more
    wanted = typed[-1].wanted(tokens, count)
    asked = ahead.arrange(wanted, most, count)
    prompt = numbered(asked)
    return Outcome(
        wanted=count(numbered(wanted)),
        left=count(prompt[len(shared(cached, prompt)) :]),
        in_prompt=count(prompt),
        read=read,
        has_settled=ahead.has_settled(count),
    )


def read_in_time(
    ahead: ReadingAhead, evidence: Evidence, cached: str, room: int, count: Count
) -> tuple[int, str]:
    """How many tokens are read of the room there is, and what is in the cache then."""
    read = 0
    for number in ahead.steps(evidence):
        text = numbered(evidence[:number])
        cached = shared(cached, text)
        unread = text[len(cached) :]
        tokens = count(unread)
        ahead.note(evidence[:number], is_read=tokens <= room)
        if tokens > room:
            part = unread[: len(unread) * room // tokens]
            return read + room, cached + part
        read, room, cached = read + tokens, room - tokens, text
    return read, cached


def shared(one: str, other: str) -> str:
    """What both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    end = next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
    return one[:end]


def summary(outcomes: Sequence[Outcome]) -> Figures:
    """Sums over all questions, as shares of the evidence that is wanted."""
    wanted = sum(each.wanted for each in outcomes)
    return {
        "questions": len(outcomes),
        "settled a word before": fmean(each.has_settled for each in outcomes),
        "left at Enter": sum(each.left for each in outcomes) / wanted,
        "median": median(each.left / each.wanted for each in outcomes),
        "in the prompt": sum(each.in_prompt for each in outcomes) / wanted,
        "read ahead": sum(each.read for each in outcomes) / wanted,
    }


# --- the samples, with a real engine and the starter --------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question took."""

    first_token_s: float  # from Enter on
    model_s: float  # the model's part of it, from the quotation to the first word
    cached: float  # share of the prompt


def measure_samples() -> dict[str, Figures]:
    """The medians without reading ahead, and with it, over the same questions in the same run."""
    questions = json.loads((ROOT / "assets" / "sample_questions.json").read_text("utf-8"))
    with (
        tempfile.TemporaryDirectory() as folder,
        Engine(Settings(Paths.of(Path(folder)))) as engine,
    ):
        work = Work(engine.scheduler)
        files = sorted(SAMPLES.iterdir())
        for _ in engine.library.add(files, collection=DEFAULT_COLLECTION, work=work).run():
            pass
        engine.embedder.load()
        ask(engine, questions[-1])  # warm
        without = [ask(engine, question) for question in questions]
        typed, hesitant = [], []
        for question in questions:
            type_in(engine, question, hesitates=False)
            typed.append(ask(engine, question))
        for question in questions:
            type_in(engine, question, hesitates=True)
            hesitant.append(ask(engine, question))
    return {
        "samples, not read ahead": told(without),
        "samples, read ahead": told(typed),
        "samples, with a pause before Enter": told(hesitant),
    }


def told(asked: Sequence[Asked]) -> Figures:
    return {
        "questions": len(asked),
        "first token, s": median(each.first_token_s for each in asked),
        "the model's part, s": median(each.model_s for each in asked),
        "cached at Enter": median(each.cached for each in asked),
    }


def type_in(engine: Engine, question: str, *, hesitates: bool) -> None:
    """In real time; each pause is told, and what is read for it ends with the next.

    Who `hesitates` presses Enter when all is read.
    """
    words = question.split()
    time.sleep(KEY_S * len(" ".join(words[:FEWEST_WORDS])))
    for number in range(FEWEST_WORDS, len(words) + 1):
        text = " ".join(words[:number])
        request = Anticipate(1, text, Mode.DOCUMENTS, EVERYWHERE, ())
        work = Work(engine.scheduler)
        reading = threading.Thread(target=perform_to_end, args=(engine, request, ignore, work))
        reading.start()
        is_last = number == len(words)
        if not (is_last and hesitates):
            time.sleep(ENTER_S if is_last else KEY_S * (len(words[number]) + 1))
            work.stop()
        reading.join()


def ignore(_event: Event) -> None:
    """Reading ahead is answered by nothing but its end."""


def ask(engine: Engine, question: str) -> Asked:
    """Ask it as the first of a conversation."""
    started = time.perf_counter()
    moments: dict[type[Event], float] = {}
    answered: list[Answered] = []

    def note(event: Event) -> None:
        moments.setdefault(type(event), time.perf_counter())
        if isinstance(event, Answered):
            answered.append(event)

    request = Ask(2, question, Mode.DOCUMENTS, EVERYWHERE, ())
    perform(engine, request, note, Work(engine.scheduler))
    tokens = answered[0].answer.tokens
    first = moments[Words]
    return Asked(first - started, first - moments[Quoted], tokens.cached / max(1, tokens.prompt))


if __name__ == "__main__":
    sys.exit(main())
