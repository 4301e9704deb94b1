"""What a model has read: kept, forgotten, saved to a file and restored from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from rag.generation import CacheType, Plan
from rag.generation.live_sequence import LiveSequence
from rag.generation.sampling import sampler
from rag.generation.weights import Weights

PLAN = Plan(512, threads=1)
STORY = [index * 37 % 40_000 + 100 for index in range(60)]
FULL_DISK = Path("/dev/full")


@pytest.fixture(scope="module")
def weights(starter_path: Path) -> Iterator[Weights]:
    with closing(Weights(starter_path, PLAN)) as weights:
        yield weights


@contextmanager
def opened(weights: Weights, plan: Plan = PLAN) -> Iterator[LiveSequence]:
    with closing(LiveSequence(weights, plan)) as sequence:
        yield sequence


def following(sequence: LiveSequence, tokens: list[int]) -> list[int]:
    """The five likeliest tokens behind these."""
    picked: list[int] = []
    sequence.read(tokens[sequence.keep_prefix_of(tokens) :])
    with sampler(0.0) as chain:
        for _ in range(5):
            picked.append(sequence.next_token(chain))
            sequence.read(picked[-1:])
    return picked


@pytest.mark.parametrize("cache_type", CacheType)
def test_what_was_saved_is_restored_and_goes_on_alike(
    weights: Weights, tmp_path: Path, cache_type: CacheType
) -> None:
    plan = Plan(512, threads=1, cache_type=cache_type)
    with opened(weights, plan) as first, opened(weights, plan) as second:
        first.read(STORY)
        first.save(tmp_path / "state")
        assert second.restore(tmp_path / "state")
        assert second.tokens == STORY
        assert following(second, STORY) == following(first, STORY)


def test_restoring_takes_the_place_of_what_was_read(weights: Weights, tmp_path: Path) -> None:
    with opened(weights) as sequence:
        sequence.read(STORY[:20])
        sequence.save(tmp_path / "state")
        sequence.read(STORY[20:])
        assert sequence.restore(tmp_path / "state")
        assert sequence.tokens == STORY[:20]


def broken(saved: bytes) -> dict[str, bytes]:
    return {
        "empty": b"",
        "other": b"no state at all" * 100,
        "short": saved[:-5000],
        "shorter": saved[:100],
        "count": saved[:8] + b"\xff\xff\xff\x7f" + saved[12:],
        "cells": saved[:264] + b"\xff\xff\xff\x7f" + saved[268:],
    }


def test_a_file_that_is_no_whole_state_leaves_the_sequence_empty_and_usable(
    weights: Weights, tmp_path: Path
) -> None:
    with opened(weights) as sequence:
        expected = following(sequence, STORY)
        sequence.save(tmp_path / "whole")
        for name, content in broken((tmp_path / "whole").read_bytes()).items():
            path = tmp_path / name
            path.write_bytes(content)
            assert not sequence.restore(path), name
            assert sequence.tokens == []
            assert following(sequence, STORY) == expected, name


def test_a_file_that_is_not_there_is_not_restored(weights: Weights, tmp_path: Path) -> None:
    with opened(weights) as sequence:
        assert not sequence.restore(tmp_path / "nowhere")


def test_more_than_the_context_holds_is_not_restored(weights: Weights, tmp_path: Path) -> None:
    with opened(weights) as large, opened(weights, Plan(256, threads=1)) as small:
        large.read(STORY * 5)
        large.save(tmp_path / "state")
        assert not small.restore(tmp_path / "state")


def test_a_state_that_cannot_be_written_whole_is_told(weights: Weights, tmp_path: Path) -> None:
    with opened(weights) as sequence:
        sequence.read(STORY)
        with pytest.raises(OSError, match="could not be written"):
            sequence.save(tmp_path / "no such folder" / "state")


@pytest.mark.skipif(not FULL_DISK.exists(), reason="no disk here is always full")
def test_a_full_disk_is_told(weights: Weights) -> None:
    with opened(weights) as sequence:
        sequence.read(STORY)
        with pytest.raises(OSError, match="could not be written"):
            sequence.save(FULL_DISK)


def test_the_fingerprint_tells_caches_that_cannot_be_exchanged(weights: Weights) -> None:
    plans = (PLAN, PLAN, Plan(512, threads=1, cache_type=CacheType.F16), Plan(256, threads=1))
    prints = []
    for plan in plans:
        with opened(weights, plan) as sequence:
            prints.append(sequence.fingerprint)
    assert prints[0] == prints[1]
    assert len(set(prints)) == 3


def test_the_fingerprint_changes_with_the_file(starter_path: Path, tmp_path: Path) -> None:
    other = tmp_path / starter_path.name
    other.write_bytes(starter_path.read_bytes())
    prints = []
    for path in (starter_path, other):
        with closing(Weights(path, PLAN)) as weights:
            prints.append(weights.fingerprint)
    assert prints[0] != prints[1]
