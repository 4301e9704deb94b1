"""Source code: the file's own text, with functions and classes as headings."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.documents.code_rules import RULES, SUFFIXES
from rag.documents.files import CODE_SUFFIXES
from rag.documents.source_code import read
from rag.types import Document

PYTHON = """\
import hive

@frozen
@slots
class Bee:
    '''Flies.'''

    if True:
        async def fly(self):
            def inner(): return 1

def land(
    where,
): pass
"""
RUST = """\
pub struct Bee { wings: u8 }

impl Flying for Bee {
    pub(crate) async fn fly(&self) -> u8 {
        if self.wings > 0 { land(); }
        1
    }
}
fn land() {}
"""
C = """\
#include "bee.h"
typedef int wing_t;
struct bee {
    int wings;
};
static int
fly(struct bee *bee, int far)
{
    if (far) {
        return land(bee);
    }
    land(bee);
    else if (x) {
    }
}
void Bee::land(int) {
int declared(int);
"""
TYPESCRIPT = """\
export default class Bee extends Insect {
  private async fly(far: number): Promise<void> {
    if (far) {
    }
    this.land(1)
    return land(2)
  }
}
export const sting = async (who) => {
}
const honey = 5
function land() {
"""
GO = "package bees\n\ntype Bee struct {\n}\nfunc (b *Bee) Fly() error {\n\treturn land()\n}\n"
JAVA = """\
public class Bee extends Insect {
    @Override
    public void fly(int far) throws IOException {
        new Wing().move(far);
        for (int i = 0; i < far; i++) {
    }
    Bee(int wings) {
}
"""
LATEX = "\\chapter{Bees}\n\\section*{How \\emph{they} fly}\nText.\n\\subsection[s]{Far}\n"


def code_of(folder: Path, name: str, text: str) -> Document:
    (folder / name).write_bytes(text.encode())
    return read(folder / name)


@pytest.mark.parametrize(
    ("name", "text", "headings"),
    [
        (
            "a.py",
            PYTHON,
            [("class Bee", 1), ("def fly", 2), ("def inner", 3), ("def land", 1)],
        ),
        (
            "a.rs",
            RUST,
            [
                ("pub struct Bee", 1),
                ("impl Flying for Bee", 1),
                ("pub(crate) async fn fly(&self) -> u8", 2),
                ("fn land()", 1),
            ],
        ),
        ("a.c", C, [("struct bee", 1), ("void Bee::land(int)", 1)]),
        (
            "a.ts",
            TYPESCRIPT,
            [
                ("export default class Bee extends Insect", 1),
                ("private async fly(far: number)", 2),
                ("export const sting", 1),
                ("function land()", 1),
            ],
        ),
        ("a.go", GO, [("type Bee struct", 1), ("func (b *Bee) Fly() error", 1)]),
        ("a.java", JAVA, [("public class Bee extends Insect", 1), ("public void fly(int far)", 2)]),
        ("a.tex", LATEX, [("Bees", 2), ("How \\emph{they} fly", 3), ("Far", 4)]),
        ("a.rb", "class Bee < Hive\n  def fly(x)\n", [("class Bee < Hive", 1), ("def fly(x)", 2)]),
        ("a.sh", "fly() {\n  land\n}\nfunction land {\n", [("fly()", 1), ("function land", 1)]),
        ("a.sql", "create table bees (\n  wings int);\nSELECT 1;", [("create table bees", 1)]),
        ("a.lisp", "(defun fly (far)\n  (land far))", [("defun fly", 1)]),
        ("a.r", "fly <- function(far) {\n}\n", [("fly", 1)]),
        ("a.hs", "module Bee where\nfly :: Int\nfly = 1\n", [("module Bee", 1), ("fly :: Int", 1)]),
    ],
    ids=lambda part: part if isinstance(part, str) and "." in part and len(part) < 8 else "",
)  # fmt: skip
def test_definitions_are_headings(
    tmp_path: Path, name: str, text: str, headings: list[tuple[str, int]]
) -> None:
    document = code_of(tmp_path, name, text)
    assert document.text == text
    assert document.title == name
    assert [(heading.title, heading.level) for heading in document.headings] == headings


def test_a_python_heading_begins_with_its_decorators(tmp_path: Path) -> None:
    document = code_of(tmp_path, "a.py", PYTHON.replace("\n", "\r\n"))
    first = document.headings[0].span.of(document.text)
    assert first == "@frozen\r\n@slots\r\nclass Bee:"


@pytest.mark.parametrize("text", ["print 'old'\ndef fly():\n", "class Bee:\ndef fly(\n"])
def test_python_that_cannot_be_parsed_is_looked_at(tmp_path: Path, text: str) -> None:
    assert code_of(tmp_path, "a.py", text).headings[-1].title.startswith("def fly")


def test_each_suffix_of_code_has_a_rule() -> None:
    assert set(RULES) == set(CODE_SUFFIXES.split())


def test_a_program_on_one_line_takes_no_time(tmp_path: Path) -> None:
    line = "function a(b){return c(d)};" * 40_000
    assert len(code_of(tmp_path, "small.js", line).headings) == 1


@pytest.mark.parametrize("suffix", [suffixes.split()[0] for suffixes in SUFFIXES.values()])
@settings(max_examples=50, deadline=None)
@given(text=st.text(alphabet="ab .:;{}()<>=*&\t\n#\\[\"'", max_size=200))
def test_headings_lie_in_order_in_any_text(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, text: str
) -> None:
    document = code_of(tmp_path_factory.getbasetemp(), f"a{suffix}", text)
    end = 0
    for heading in document.headings:
        assert end <= heading.span.start < heading.span.end <= len(text)
        end = heading.span.end
