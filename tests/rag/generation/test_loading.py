"""Models on their way into memory: how far they have come, stopped on the way, and refused."""

from __future__ import annotations

import errno
import re
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from rag.errors import ModelTooLarge, ModelUnusable, Stopped
from rag.generation import LocalModel, Plan
from rag.generation.file_cache import STEP_BYTES, warm
from rag.generation.refusals import refused_weights

MAPPED, REPACKED = Plan(512, threads=1), Plan(512, threads=1, is_mapped=False)
LIMITED = """
import resource, sys
from pathlib import Path
import psutil
from rag.errors import ModelTooLarge
from rag.generation import CacheType, LocalModel, Plan
from rag.generation.llama import library

library()
room = psutil.Process().memory_info().vms + int(float(sys.argv[2]) * 2**20)
resource.setrlimit(resource.RLIMIT_AS, (room, room))
try:
    plan = Plan(16_384, threads=1, is_mapped=False, cache_type=CacheType.F16)
    LocalModel.load(Path(sys.argv[1]), plan, name="x")
except ModelTooLarge as error:
    print(error)
"""


def patched(path: Path, folder: Path, old: bytes, new: bytes) -> Path:
    """A copy of a model with a few bytes of its header written over."""
    assert len(old) == len(new)
    content = path.read_bytes()
    assert old in content
    copy = folder / "patched.gguf"
    copy.write_bytes(content.replace(old, new))
    return copy


@pytest.mark.parametrize("plan", [MAPPED, REPACKED])
def test_the_share_that_is_loaded_goes_up_to_all(phi4_path: Path, plan: Plan) -> None:
    shares: list[float] = []
    LocalModel.load(phi4_path, plan, name="x", on_progress=shares.append).close()
    assert shares == sorted(shares)
    assert shares[0] < 0.6
    assert shares[-1] == 1
    assert len(shares) > 5


@pytest.mark.parametrize("plan", [MAPPED, REPACKED])
def test_a_load_can_be_stopped_and_the_file_is_loaded_later(phi4_path: Path, plan: Plan) -> None:
    stop = threading.Event()
    with pytest.raises(Stopped):
        LocalModel.load(
            phi4_path,
            plan,
            name="x",
            is_stopped=stop.is_set,
            on_progress=lambda done: stop.set() if 0 < done < 0.5 else time.sleep(0.05),
        )
    with closing(LocalModel.load(phi4_path, plan, name="x")) as model:
        assert model.count("hello") == 1


def test_a_stopped_load_leaves_nothing_running(phi4_path: Path) -> None:
    with pytest.raises(Stopped):
        LocalModel.load(phi4_path, MAPPED, name="x", is_stopped=lambda: True)
    deadline = time.monotonic() + 5
    while any(thread.name.startswith("loading") for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_file_is_read_step_by_step(tmp_path: Path) -> None:
    path, shares = tmp_path / "large", list[float]()
    path.write_bytes(bytes(3 * STEP_BYTES + 1))
    warm(path, is_stopped=lambda: False, on_progress=shares.append)
    assert len(shares) == 4
    with pytest.raises(Stopped):
        warm(path, is_stopped=lambda: len(shares) == 6, on_progress=shares.append)
    assert len(shares) == 6


def test_a_disk_that_fails_on_the_way_is_told(
    phi4_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_path: Path, **_options: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("rag.generation.loading.warm", fail)
    with pytest.raises(ModelUnusable, match=r"to its end: Input/output error\. Check the disk"):
        LocalModel.load(phi4_path, MAPPED, name="x")


@pytest.mark.parametrize(
    ("complaint", "kind", "told"),
    [
        ("ErrorOutOfDeviceMemory", ModelTooLarge, "does not fit into the memory that is free"),
        ("failed to allocate Vulkan0 buffer", ModelTooLarge, "does not fit into the memory"),
        ("ErrorDeviceLost", ModelUnusable, "could not be loaded onto the graphics card"),
    ],
)
def test_a_graphics_card_that_fails_is_told(
    complaint: str, kind: type[Exception], told: str
) -> None:
    error = refused_weights(Path("phi-4.gguf"), ["some line", complaint], is_offloaded=True)
    assert type(error) is kind
    assert told in str(error)


def test_a_model_of_an_unknown_kind_is_told_by_its_kind(phi4_path: Path, tmp_path: Path) -> None:
    path = patched(phi4_path, tmp_path, b"phi3", b"phi9")
    with pytest.raises(ModelUnusable, match=r"“patched\.gguf” is of a kind \(phi9\) that this"):
        LocalModel.load(path, MAPPED, name="x")


@pytest.mark.parametrize("broken", [b"{% endfoo%}", b"{{ nil.x }}"])
def test_a_template_that_does_not_work_is_told_on_loading(
    phi4_path: Path, tmp_path: Path, broken: bytes
) -> None:
    path = patched(phi4_path, tmp_path, b"{% endif %}", broken)
    with pytest.raises(ModelUnusable, match=r"The model's chat template cannot"):
        LocalModel.load(path, MAPPED, name="x")


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot limit itself there")
@pytest.mark.parametrize(
    ("room_mb", "told"),
    [
        (150, r"“.+\.gguf” does not fit into the memory"),
        (250, r"A context of 8192 tokens for “.+” does not fit"),
    ],
)
def test_memory_that_is_refused_is_told(starter_path: Path, room_mb: int, told: str) -> None:
    command = [sys.executable, "-c", LIMITED, str(starter_path), str(room_mb)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert re.match(told, done.stdout), done
