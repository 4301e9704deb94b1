"""Code in an answer: highlighted, with what can be done with it, and what came of running it.

All of it HTML; nothing is run here.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from rag.code_running import MEMORY_LIMIT_BYTES, TIME_LIMIT_S, CodeResult
from ui.tokens import Colors

COPY, RUN = "code-copy:", "code-run:"
_PYTHON = frozenset({"python", "py", "python3"})
_LONGEST = 20_000  # characters that are highlighted; more is shown plain


@dataclass(frozen=True, slots=True)
class CodeShown:
    """How code is shown: whether Python can be run, and what came of running it, by its source."""

    can_run: bool = False
    results: Mapping[str, str] = field(default_factory=dict)  # HTML


def code_block(source: str, language: str, shown: CodeShown) -> str:
    """A table of one column: Qt's rich text gives room around text in no other way."""
    rows = [_header(source, language, shown), f"<pre>{highlighted(source, language)}</pre>"]
    rows += [shown.results[source]] if source in shown.results else []
    cells = "".join(f'<tr><td class="code">{row}</td></tr>' for row in rows if row)
    return f'<table width="100%" cellspacing="0" cellpadding="6">{cells}</table>'


def source_of(address: str) -> str:
    """The code that a link of a block is about."""
    return unquote(address.partition(":")[2])


def tip(address: str) -> str:
    """What a link of an answer does; one that is no block's is told as it is."""
    if address.startswith(COPY):
        return "Copy this code"
    if address.startswith(RUN):
        return f"Run this code shut in, without network or files, for {TIME_LIMIT_S} s at most"
    return address


def highlighted(source: str, language: str) -> str:
    """The code with its keywords, strings, comments and numbers marked, where they are known."""
    # Imported with the first code and not above: a tenth of a second that most answers do not need.
    from pygments.lexers import get_lexer_by_name
    from pygments.token import Comment, Keyword, Number, String
    from pygments.util import ClassNotFound

    if not language or len(source) > _LONGEST:
        return html.escape(source)
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return html.escape(source)
    kinds = {Comment: "comment", Keyword: "keyword", String: "string", Number: "number"}
    pieces = []
    for token, text in lexer.get_tokens(source):
        kind = next((name for known, name in kinds.items() if token in known), "")
        escaped = html.escape(text)
        pieces.append(f'<span class="{kind}">{escaped}</span>' if kind else escaped)
    return "".join(pieces)


def in_html(result: CodeResult) -> str:
    """What code has printed, and how it ended."""
    parts = [f"<pre>{html.escape(result.output.rstrip())}</pre>" if result.output else ""]
    parts += [
        f'<pre class="bad">{html.escape(result.error.rstrip())}</pre>' if result.error else ""
    ]
    parts += [f'<span class="muted">{_end(result)}</span>']
    return "".join(parts)


def refused_in_html(what: str, remedy: str) -> str:
    """Why code was not run."""
    return f'<span class="bad">{html.escape(what)}</span> {html.escape(remedy)}'


def code_css(colors: Colors) -> str:
    """The colors of all this."""
    return f"""
.keyword {{ color: {colors.accent}; }}
.string {{ color: {colors.good}; }}
.comment, .muted {{ color: {colors.muted}; }}
.number {{ color: {colors.warn}; }}
.bad {{ color: {colors.bad}; }}
"""


def _end(result: CodeResult) -> str:
    if result.was_limited:
        memory = MEMORY_LIMIT_BYTES >> 20
        return f"Cut off: code may run for {TIME_LIMIT_S} s, take {memory} MB and print 64 KB."
    how = "Done" if result.exit_code == 0 else f"Ended with code {result.exit_code}"
    return f"{how} after {result.seconds:.1f} s"


def _header(source: str, language: str, shown: CodeShown) -> str:
    links = [f'<a href="{COPY}{quote(source, safe="")}">Copy</a>']
    if shown.can_run and language.lower() in _PYTHON:
        links.append(f'<a href="{RUN}{quote(source, safe="")}">Run</a>')
    name = f'<span class="muted">{html.escape(language)}</span>' if language else ""
    return " &#160;&#160; ".join(filter(None, [name, *links]))
