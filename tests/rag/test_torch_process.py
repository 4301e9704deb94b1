"""torch's own process: real models in it, its end, and what comes of it when it is killed."""

from __future__ import annotations

import importlib
import os
import runpy
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType

import numpy as np
import psutil
import pytest

from rag.embedding import Embedder, open_embedder
from rag.embedding.reference import SentenceTransformersEmbedder
from rag.embedding.separate import EmbedderFolder, SeparateEmbedder
from rag.errors import ModelMissing, ModelUnusable, Stopped
from rag.retrieval.cross_encoder import CrossEncoderReranker
from rag.retrieval.separate_reranker import SeparateReranker
from rag.torch_process import TorchProcess

ROOT = Path(__file__).parents[2]
MAKERS = ROOT / "tests" / "models"
TEXTS = ["the hives", "the gate of the orchard", "", "a sensor " * 100]


@pytest.fixture(autouse=True)
def calls(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """What is asked of it, in a module that it can import too."""
    monkeypatch.syspath_prepend(MAKERS)
    return importlib.import_module("torch_calls")


@pytest.fixture
def torch() -> Iterator[TorchProcess]:
    with closing(TorchProcess()) as process:
        yield process


@pytest.fixture(scope="module")
def with_torch() -> Iterator[TorchProcess]:
    """One for all tests that wait for torch's import."""
    with closing(TorchProcess()) as process:
        yield process


@pytest.fixture(scope="module")
def tiny_folder(embedder_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny"
    maker = runpy.run_path(str(MAKERS / "tiny_embedder.py"))  # here, where torch is needed anyway
    maker["make"](folder, embedder_folder, seed=0, shape="bert", pooling="mean_tokens", longest=99)
    return folder


def eventually(is_true: Callable[[], bool], *, within_s: float = 20) -> bool:
    end = time.monotonic() + within_s
    while not is_true() and time.monotonic() < end:
        time.sleep(0.02)
    return is_true()


def test_embedder_and_reranker_share_it_and_compute_as_they_do_here(
    with_torch: TorchProcess, tiny_folder: Path, reranker_folder: Path
) -> None:
    source = EmbedderFolder(tiny_folder, "tiny", threads=1)
    here, apart = source.open(), SeparateEmbedder(source, with_torch)
    assert np.array_equal(apart.embed(TEXTS), here.embed(TEXTS))
    assert np.array_equal(apart.question("Where?"), here.question("Where?"))
    pid = with_torch.pid
    reranker = SeparateReranker(reranker_folder, with_torch)
    scores = CrossEncoderReranker(reranker_folder).score("Where?", TEXTS, budget_s=60)
    assert reranker.score("Where?", TEXTS, budget_s=60) == pytest.approx(scores)
    assert with_torch.pid == pid


def test_what_needs_no_model_starts_no_process(torch: TorchProcess, tiny_folder: Path) -> None:
    here = SentenceTransformersEmbedder(tiny_folder, name="tiny", threads=1)
    apart: Embedder = open_embedder(
        tiny_folder, name="tiny", threads=1, graphs=ROOT, notes=ROOT, torch=torch
    )
    assert isinstance(apart, SeparateEmbedder)
    assert apart.count("the gate of the orchard") == 5
    assert (apart.fingerprint, apart.longest_passage) == (here.fingerprint, here.longest_passage)
    assert torch.pid is None


def test_it_is_started_with_the_first_call_and_again_after_its_rest(
    tmp_path: Path, calls: ModuleType
) -> None:
    with closing(TorchProcess(rest_s=0.3)) as torch:
        assert torch.pid is None
        assert torch.run(calls.Nothing(tmp_path), calls.wait, 0) == tmp_path.name
        first = torch.pid
        assert first
        assert eventually(lambda: torch.pid is None)
        assert torch.run(calls.Nothing(tmp_path), calls.wait, 0) == tmp_path.name
        assert torch.pid not in (None, first)


def test_it_does_not_rest_while_it_works(tmp_path: Path, calls: ModuleType) -> None:
    with closing(TorchProcess(rest_s=0.2)) as torch:
        assert torch.run(calls.Nothing(tmp_path), calls.wait, 1) == tmp_path.name


def test_a_question_does_not_wait_for_a_batch(
    torch: TorchProcess, tmp_path: Path, calls: ModuleType
) -> None:
    torch.run(calls.Nothing(tmp_path), calls.wait, 0)
    batch = threading.Thread(target=torch.run, args=(calls.Nothing(tmp_path), calls.wait, 3))
    batch.start()
    began = time.monotonic()
    torch.run(calls.Nothing(tmp_path), calls.wait, 0)
    assert time.monotonic() - began < 1
    batch.join()


def test_killed_in_the_middle_it_is_started_again_and_answers(
    torch: TorchProcess, tmp_path: Path, calls: ModuleType
) -> None:
    assert torch.run(calls.Nothing(tmp_path), calls.die_once) == "done"


def test_killed_between_two_calls_it_is_started_again(
    torch: TorchProcess, tmp_path: Path, calls: ModuleType
) -> None:
    torch.run(calls.Nothing(tmp_path), calls.wait, 0)
    assert torch.pid
    psutil.Process(torch.pid).kill()
    assert torch.run(calls.Nothing(tmp_path), calls.wait, 0) == tmp_path.name


def test_dying_twice_is_told_in_a_sentence(
    torch: TorchProcess, tmp_path: Path, calls: ModuleType
) -> None:
    sentence = (
        f"runs the model in {tmp_path} died, and died again. Memory may be short: close other"
    )
    with pytest.raises(ModelUnusable) as raised:
        torch.run(calls.Nothing(tmp_path), calls.die)
    assert sentence in str(raised.value)
    assert torch.run(calls.Nothing(tmp_path), calls.wait, 0) == tmp_path.name


def test_an_error_that_is_told_comes_through_as_it_is(
    torch: TorchProcess, tmp_path: Path, calls: ModuleType
) -> None:
    with pytest.raises(ModelMissing, match=r"There is none\. Get it\."):
        torch.run(calls.Nothing(tmp_path / "missing"), calls.wait, 0)


def test_any_other_error_costs_its_call_alone(
    torch: TorchProcess, tmp_path: Path, calls: ModuleType
) -> None:
    with pytest.raises(ModelUnusable, match=r"The model in .* failed\. Try it again"):
        torch.run(calls.Nothing(tmp_path), calls.fail)
    pid = torch.pid
    assert torch.run(calls.Nothing(tmp_path), calls.wait, 0) == tmp_path.name
    assert torch.pid == pid


def test_a_damaged_folder_is_told_as_it_is_without_the_process(
    with_torch: TorchProcess, tiny_folder: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in tiny_folder.iterdir():
        if file.is_file():
            (broken / file.name).write_bytes(file.read_bytes()[: 1 << 20])
    (broken / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(ModelUnusable, match=str(broken)):
        SeparateEmbedder(EmbedderFolder(broken, "broken", 1), with_torch).load()


def test_closing_ends_it_in_the_middle_of_a_call(
    torch: TorchProcess, tmp_path: Path, calls: ModuleType
) -> None:
    stopped = list[bool]()

    def ask() -> None:
        with pytest.raises(Stopped):
            torch.run(calls.Nothing(tmp_path), calls.wait, 60)
        stopped.append(True)

    asking = threading.Thread(target=ask)
    asking.start()
    assert eventually(lambda: torch.pid is not None)
    pid = torch.pid
    torch.close()
    asking.join(10)
    assert stopped
    assert pid
    assert not psutil.pid_exists(pid)


def test_it_does_not_outlive_the_engine_that_is_killed(tmp_path: Path, tiny_folder: Path) -> None:
    engine = tmp_path / "engine.py"
    engine.write_text(
        "import sys, time\nfrom pathlib import Path\n"
        "from rag.embedding.separate import EmbedderFolder\n"
        "from rag.torch_process import TorchProcess\n"
        "if __name__ == '__main__':\n"
        "    torch = TorchProcess()\n"
        "    torch.run(EmbedderFolder(Path(sys.argv[1]), 'tiny', 1), getattr, 'name')\n"
        "    print(torch.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, engine, tiny_folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout
        pid = int(running.stdout.readline())
        assert psutil.pid_exists(pid)
        running.kill()
    assert eventually(lambda: not psutil.pid_exists(pid))
