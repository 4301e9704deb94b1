"""HTML: the main text, with headings, lists, code and tables; nothing of what is around it."""

from pathlib import Path

import pytest

from rag.documents.web_page import read
from rag.errors import DamagedFile
from rag.types import Document

PAGE = """<!doctype html><html><head><title>Bees &amp; wasps</title><style>p {}</style></head><body>
<nav><a href="/">Home</a></nav>
<h1>Keeping <b>bees</b><a class="headerlink">¶</a></h1>
<p>Bees fly.<br>They
   sting.</p><script>var x = "not read"</script><p hidden>Not seen</p>
<h2>Food</h2><ul><li>honey<ul><li>dark<li>light</ul></li><li><p>wax</p></li></ul>
<ol><li>open<li>close</ol><pre>def f():
    return 1
</pre></body></html>"""


def document_of(folder: Path, html: str, encoding: str = "utf-8") -> Document:
    path = folder / "my page.html"
    path.write_bytes(html.encode(encoding))
    return read(path)


def test_the_text_is_what_is_read_and_seen(tmp_path: Path) -> None:
    assert document_of(tmp_path, PAGE).text == (
        "Keeping bees\n\nBees fly.\nThey sting.\n\nFood\n\n"
        "- honey\n  - dark\n  - light\n- wax\n\n1. open\n2. close\n\n"
        "```\ndef f():\n    return 1\n```"
    )


def test_headings_stand_where_they_are_written(tmp_path: Path) -> None:
    document = document_of(tmp_path, PAGE)
    found = [(heading.title, heading.level) for heading in document.headings]
    assert found == [("Keeping bees", 1), ("Food", 2)]
    assert [heading.span.of(document.text) for heading in document.headings] == [
        "Keeping bees",
        "Food",
    ]


@pytest.mark.parametrize(
    ("html", "title"),
    [
        (PAGE, "Bees & wasps"),
        ("<title>Untitled</title><h1>Bees</h1>", "Bees"),
        ("<p>No title</p>", "my page"),
        ("", "my page"),
    ],
)
def test_the_title_is_one_that_says_something(tmp_path: Path, html: str, title: str) -> None:
    assert document_of(tmp_path, html).title == title


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("<tr><th>Name<th>Born<tr><td>Ada<td>1815", ["| Name: Ada · Born: 1815 |"]),
        ("<tr><td>Name<td>Born<tr><td>Ada<td>1815", ["| Name: Ada · Born: 1815 |"]),
        ("<tr><td>1<td>2<tr><td>3<td>4", ["| 1 · 2 |", "| 3 · 4 |"]),
        (
            "<tr><th>Who<th colspan=2>When<tr><td rowspan=2>Ada<td>1815<td>May<tr><td>1852<td>",
            ["| Who: Ada · When: 1815 · When: May |", "| Who: Ada · When: 1852 |"],
        ),
        (
            "<tr><th>Year<th>2022<th>2023<tr><td>Sold<td>5<td>6",
            ["| Year: Sold · 2022: 5 · 2023: 6 |"],
        ),
        ("<tr><td>Only<td>this", ["| Only · this |"]),
    ],
)
def test_a_table_row_is_a_line_with_its_columns_names(
    tmp_path: Path, table: str, lines: list[str]
) -> None:
    assert document_of(tmp_path, f"<table>{table}</table>").text.split("\n") == lines


def test_a_table_that_only_sets_the_page_is_its_text(tmp_path: Path) -> None:
    html = "<table><tr><td><h1>Bees</h1><table><tr><td>They fly.<td>Far.</table><td></table>"
    assert document_of(tmp_path, html).text == "Bees\n\n| They fly. · Far. |"


def test_the_main_part_is_enough(tmp_path: Path) -> None:
    html = "<div>Log in</div><main><h1>Bees</h1>They fly.</main><div>Imprint</div>"
    assert document_of(tmp_path, html).text == "Bees\n\nThey fly."


@pytest.mark.parametrize(
    "html",
    [
        "<p>Bees fly.</p><main></main>",
        "<body hidden><p>Bees fly.</p></body>",
        "<article><p>Bees fly.</article><p>Log in",
    ],
)
def test_what_is_not_quite_the_main_part_is_read_with_care(tmp_path: Path, html: str) -> None:
    assert document_of(tmp_path, html).text == "Bees fly."


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1251", "shift_jis"])
def test_the_declared_encoding_is_heeded(tmp_path: Path, encoding: str) -> None:
    words = {"windows-1251": "пчела", "shift_jis": "蜂蜜"}.get(encoding, "Übergröße")
    html = f'<meta charset="{encoding}"><p>{words}</p>'
    assert document_of(tmp_path, html, encoding).text == words


def test_what_word_writes_as_html_is_read(tmp_path: Path) -> None:
    html = "<?xml version='1.0'?><p class=MsoNormal>Bees<o:p>&nbsp;</o:p> fly<![if !x]>.<![endif]>"
    assert document_of(tmp_path, html).text == "Bees  fly."


def test_a_deep_nest_of_tags_is_no_trap(tmp_path: Path) -> None:
    assert "deep" in document_of(tmp_path, "<div>" * 200 + "deep").text
    document_of(tmp_path, "<div><ul><li>" * 50_000)


def test_a_picture_is_no_page(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 9)
    with pytest.raises(DamagedFile, match=r"“a.html” does not hold text"):
        read(tmp_path / "a.html")
