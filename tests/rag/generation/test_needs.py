"""What a model is said to take, against what llama.cpp reserves and a process really has."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rag.generation.needs import cache_bytes, need_of
from rag.generation.plan import CacheType, Plan
from rag.generation.shape import Shape
from rag.models import Catalogue
from rag.models.gguf import read_header

ROOT = Path(__file__).parents[3]
RESIDENT = """
import json, sys
from pathlib import Path
import psutil
from rag.generation.live_sequence import LiveSequence
from rag.generation.llama import library
from rag.generation.plan import Plan
from rag.generation.weights import Weights

plan = Plan(int(sys.argv[2]), threads=1, is_mapped=sys.argv[3] == "mapped")
library()
process = psutil.Process()
before = process.memory_info().rss
weights = Weights(Path(sys.argv[1]), plan)
sequence = LiveSequence(weights, plan)
sequence.read([100 + n for n in range(plan.batch_tokens)])
print(json.dumps(process.memory_info().rss - before))
"""


@pytest.fixture(scope="module")
def starter(starter_path: Path) -> Shape:
    return Shape.of_header(read_header(starter_path))


@pytest.mark.parametrize(
    ("way", "context_tokens"), [("mapped", 2_048), ("mapped", 8_192), ("repacked", 2_048)]
)
def test_a_process_takes_what_was_foretold_and_no_more(
    starter_path: Path, starter: Shape, way: str, context_tokens: int
) -> None:
    told = subprocess.run(
        [sys.executable, "-c", RESIDENT, starter_path, str(context_tokens), way],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=100,
    )
    plan = Plan(context_tokens, threads=1, is_mapped=way == "mapped")
    foretold = need_of(starter, plan).resident_bytes
    assert 0.9 * foretold <= json.loads(told.stdout) <= foretold


def test_a_token_of_phi4_takes_106_kib_of_cache_at_8_bits(starter: Shape) -> None:
    phi4 = replace(starter, layers=40, cached_values=2_560, head_width=128)
    plan = Plan(256, threads=1)
    kib = {
        kind: cache_bytes(phi4, replace(plan, cache_type=kind)) / 256 / 1024 for kind in CacheType
    }
    assert kib == {CacheType.F16: 200, CacheType.Q8_0: 106.25, CacheType.Q4_0: 56.25}


def test_a_cache_holds_whole_cells_and_16_bits_where_heads_are_odd(starter: Shape) -> None:
    assert cache_bytes(starter, Plan(1, 1)) == cache_bytes(starter, Plan(256, 1))
    odd = replace(starter, head_width=40)
    small = Plan(256, threads=1)
    assert cache_bytes(odd, small) == cache_bytes(starter, replace(small, cache_type=CacheType.F16))


def test_layers_on_a_card_are_no_longer_in_the_computers_memory(starter: Shape) -> None:
    whole = replace(starter, is_tied=False)
    output, half, there = (need_of(whole, Plan(8_192, 1, gpu_layers=n)) for n in (1, 16, 31))
    assert output.resident_bytes > half.resident_bytes > there.resident_bytes
    assert 0 < output.gpu_bytes < half.gpu_bytes < there.gpu_bytes


def test_a_vocabulary_that_is_output_too_goes_to_the_card_a_second_time(starter: Shape) -> None:
    assert starter.is_tied
    doubled = need_of(starter, Plan(8_192, 1, gpu_layers=1)).weights_bytes
    assert doubled == starter.weights_bytes + starter.embedding_bytes


def test_a_model_of_the_catalogue_has_about_the_shape_of_its_file(starter: Shape) -> None:
    entry = Catalogue.read(ROOT / "assets" / "models.toml").find("phi-4")
    need = need_of(Shape.of_entry(entry), Plan(16_384, threads=1))
    assert need.resident_bytes == pytest.approx(10.95e9, rel=0.02)
