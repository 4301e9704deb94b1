"""The sample library: it is what its script makes, and it answers the questions we suggest."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "assets" / "samples"
MANUAL = SAMPLES / "weather-station-manual.pdf"
QUESTIONS = json.loads((ROOT / "assets" / "sample_questions.json").read_text("utf-8"))
ANSWERS = {
    "How long do the batteries of the outdoor sensor last?": (
        MANUAL.name,
        "A set of lithium batteries runs the outdoor sensor for about 30 months;",
    ),
    "When will the new water tank be installed?": (
        "allotment-committee-march.md",
        "The new water tank will be installed on Saturday, 18 April 2026,",
    ),
    "How do I reset the weather station to its factory settings?": (
        MANUAL.name,
        "hold the MODE and SET keys together for ten seconds until the display shows CLR.",
    ),
    "What does a return ticket for the ferry to Lunnsay cost?": (
        "lunnsay-weekend.md",
        "A return ticket for the ferry costs 24 pounds;",
    ),
    "How accurate is the Magnus formula?": (
        "dew-point.md",
        "the Magnus formula is accurate to within 0.35 °C between \u221245 °C and 60 °C.",
    ),
}


def text_of(sample: Path) -> str:
    """The sample's text with each stretch of white space as one blank."""
    text = " ".join(pages_of(sample)) if sample.suffix == ".pdf" else sample.read_text("utf-8")
    return " ".join(text.split())


def pages_of(pdf: Path) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def page_labels(pdf: Path) -> list[str]:
    return PdfReader(pdf).page_labels


def chapters(pdf: Path) -> dict[str, str]:
    """The outline's highest level: each title and the label of its page."""
    reader = PdfReader(pdf)
    entries = [entry for entry in reader.outline if not isinstance(entry, list)]
    numbers = [reader.get_destination_page_number(entry) or 0 for entry in entries]
    labels = [reader.page_labels[number] for number in numbers]
    return dict(zip((str(entry.title) for entry in entries), labels, strict=True))


def test_the_manual_is_what_its_script_makes(tmp_path: Path) -> None:
    made = tmp_path / "manual.pdf"
    script = ROOT / "packaging" / "make_sample_manual.py"
    subprocess.run([sys.executable, script, made], check=True, timeout=60)
    assert text_of(made) == text_of(MANUAL)
    assert page_labels(made) == page_labels(MANUAL)
    assert chapters(made) == chapters(MANUAL)


def test_the_manual_has_roman_labels_before_the_arabic_ones() -> None:
    assert page_labels(MANUAL) == ["i", "ii", "iii", "1", "2", "3", "4", "5", "6"]


def test_the_outline_leads_to_the_pages_that_the_contents_name() -> None:
    contents = pages_of(MANUAL)[1]
    listed = dict(re.findall(r"(?<!\.)(\d [A-Z].*?)(?: \.)+ (\d+)", contents))
    outline = chapters(MANUAL)
    assert outline.pop("About this manual") == "iii"
    assert listed == outline
    assert len(listed) == 8


def test_each_suggested_question_has_its_answer() -> None:
    assert list(ANSWERS) == QUESTIONS


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_answer_to_a_suggested_question_stands_in_one_sample_alone(question: str) -> None:
    name, sentence = ANSWERS[question]
    holders = [sample.name for sample in SAMPLES.iterdir() if sentence in text_of(sample)]
    assert holders == [name]


def test_the_code_in_the_dew_point_note_gives_the_figures_of_its_text() -> None:
    note = (SAMPLES / "dew-point.md").read_text("utf-8")
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", note, re.DOTALL):
        exec(block, names)
    dew_point, smooth = names["dew_point"], names["smooth"]
    assert callable(dew_point)
    assert callable(smooth)
    assert round(dew_point(20, 50), 1) == 9.3
    assert round(dew_point(26, 60), 1) == 17.6
    assert smooth([0.0, 1.0, 1.0], 0.5) == [0.0, 0.5, 0.75]
