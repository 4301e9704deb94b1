"""`deskbook doctor`: what is amiss is named, and mended where that can be done."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.commands.doctor import in_words
from app.settings import ASSETS
from rag.hardware import Processor

MANUAL = ASSETS / "samples" / "weather-station-manual.pdf"


def findings(ran: Any) -> dict[str, dict[str, Any]]:
    return {line["name"]: line for line in ran.lines}


def test_a_sound_library_is_well(samples: Any) -> None:
    ran = samples("doctor", "--json")
    found = findings(ran)
    assert ran.code == 0
    assert all(list(line) == ["name", "well", "sentence"] for line in ran.lines)
    assert all(line["well"] for line in ran.lines)
    count = sum(line["passages"] for line in samples("documents", "--json").lines)
    assert found["vectors"]["sentence"] == f"{count} passages, each with its vector"
    assert found["catalog"]["sentence"] == "whole"
    assert found["model"]["sentence"].startswith("starter at ")
    assert {"machine", "graphics", "deskbook", "torch", "llama-cpp-python"} <= set(found)
    assert {"onnxruntime", "rapidocr"} <= set(found)
    way = r"minilm-\S+, through onnxruntime in (float32|int8)"
    assert re.fullmatch(way, found["embedder"]["sentence"])
    recognition = "on; pages that wait to be read: 0, in 0 documents"
    assert found["recognition"]["sentence"] == recognition


def test_the_machine_is_told_with_its_cores_and_its_memory(deskbook: Any) -> None:
    found = findings(deskbook("doctor", "--json"))
    assert re.search(
        r" with \d+ cores.*, \d+\.\d of \d+\.\d GB free$", found["machine"]["sentence"]
    )
    assert "llama.cpp" in found["graphics"]["sentence"]


@pytest.mark.parametrize(
    ("processor", "said"),
    [
        (Processor("chip", 8, 8), "chip with 8 cores"),
        (Processor("chip", 14, 6), "chip with 14 cores (6 of them compute for the model)"),
    ],
)
def test_cores_that_save_power_are_told_apart(processor: Processor, said: str) -> None:
    assert in_words(processor) == said


def test_pages_that_wait_for_recognition_are_told(deskbook: Any, tmp_path: Path) -> None:
    Image.new("L", (60, 60)).save(tmp_path / "note.png")
    deskbook.data.mkdir(exist_ok=True)
    (deskbook.data / "settings.toml").write_text("[library]\nocr = false\n", encoding="utf-8")
    assert deskbook("add", tmp_path / "note.png", "--json").line["state"] == "no_text"
    said = findings(deskbook("doctor", "--json"))["recognition"]["sentence"]
    assert said.startswith("off: `ocr = true` under [library]")
    assert said.endswith("wait to be read: 1, in 1 documents")


def test_a_library_in_an_unknown_language_is_told_and_what_to_do(
    deskbook: Any, tmp_path: Path
) -> None:
    (tmp_path / "imker.txt").write_text("Die Bienen sind im Stock und sie kommen aus dem Wald.")
    deskbook("add", tmp_path / "imker.txt", "--quiet")
    said = findings(deskbook("doctor", "--json"))["language"]["sentence"]
    assert said.startswith("Most of the library is in German, which the embedder does not know.")
    assert "`deskbook models use multilingual-e5-small`" in said


def test_it_names_no_text_of_any_document(samples: Any) -> None:
    out = samples("doctor").out
    assert "machine: well: " in out
    assert "Skarvik" not in out


@pytest.mark.timeout(200)
def test_vectors_that_are_gone_are_missed_and_made_anew(own_samples: Any) -> None:
    shutil.rmtree(own_samples.data / "chroma")
    missed = own_samples("doctor", "--json")
    assert missed.code == 1
    assert findings(missed)["vectors"]["well"] is False
    assert "`deskbook doctor --repair` mends it" in findings(missed)["vectors"]["sentence"]
    assert own_samples("doctor", "--repair").code == 0
    found = own_samples("search", "When will the tank be installed?", "--json").line
    assert Path(found["passages"][0]["path"]).name == "allotment-committee-march.md"


def test_a_vector_store_full_of_rubbish_is_made_anew(own_samples: Any) -> None:
    for file in (own_samples.data / "chroma").rglob("*"):
        if file.is_file():
            file.write_bytes(b"rubbish" * 99)
    assert own_samples("doctor", "--repair").code == 0
    assert own_samples("search", "ferry").code == 0


def test_a_damaged_catalog_is_named(deskbook: Any) -> None:
    deskbook.data.mkdir()
    (deskbook.data / "catalog.sqlite3").write_bytes(b"no database" * 99)
    ran = deskbook("doctor", "--json")
    assert ran.code == 1
    assert findings(ran)["library"]["well"] is False
    assert "is damaged" in findings(ran)["library"]["sentence"]
    assert findings(ran)["model"]["well"] is True  # one fault does not hide the rest


@pytest.mark.parametrize(
    ("model", "said"), [("nonsense", "There is no model"), (str(MANUAL), "is no GGUF file")]
)
def test_a_model_that_cannot_be_used_is_named(deskbook: Any, model: str, said: str) -> None:
    ran = deskbook("doctor", "--json", "--model", model)
    assert ran.code == 1
    assert findings(ran)["model"]["well"] is False
    assert said in findings(ran)["model"]["sentence"]


@pytest.mark.timeout(200)
def test_the_self_test_goes_the_whole_way_beside_the_library(deskbook: Any) -> None:
    ran = deskbook("doctor", "--self-test", "--json")
    assert ran.code == 0
    assert findings(ran)["self-test"]["sentence"].startswith("answered with ")
    assert deskbook("documents", "--json").out == ""


def test_a_self_test_that_fails_is_a_finding(deskbook: Any) -> None:
    ran = deskbook("doctor", "--self-test", "--json", "--model", MANUAL)
    assert ran.code == 1
    assert findings(ran)["self-test"]["well"] is False
