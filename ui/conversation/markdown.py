"""A model's Markdown as HTML that is safe to show: no HTML of its own, no picture, no odd link.

Formulas are set. Markers like [3] become chips where 3 is a citation that exists; other numbers
stay text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from rag.mathematics.formulas import Kind, formula_at
from ui.conversation.code_blocks import CodeShown, code_block
from ui.conversation.formulas import address, set_formula

CITATION_SCHEME = "cite:"
_PLAIN_CODE = CodeShown()
_MARKER = re.compile(r"[ \u00a0]?\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
_SAFE_LINK = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_NARROW = "\u202f"  # a narrow space that does not break: a chip stays with its sentence


def to_html(text: str, citations: Collection[int] = (), code: CodeShown = _PLAIN_CODE) -> str:
    """The HTML for a QTextDocument; `citations` are the numbers that become chips."""
    rendered: str = _PARSER.render(text, {"citations": frozenset(citations), "code": code})
    return rendered


def plain_to_html(text: str, citations: Collection[int] = ()) -> str:
    """The same for words that are no Markdown, such as quoted sentences."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "".join(f"<p>{_with_chips(paragraph, citations)}</p>" for paragraph in paragraphs)


def _with_chips(text: str, citations: Collection[int]) -> str:
    pieces = _split(text, citations)
    return "".join(
        chips(piece) if isinstance(piece, tuple) else html.escape(piece) for piece in pieces
    )


def chips(numbers: Sequence[int]) -> str:
    """The chips for some citations, kept together and with the word before them."""
    links = (f'<a class="chip" href="{CITATION_SCHEME}{n}">&#160;{n}&#160;</a>' for n in numbers)
    return _NARROW + _NARROW.join(links)


def _split(text: str, citations: Collection[int]) -> list[str | tuple[int, ...]]:
    """The text as words and markers in turn."""
    pieces: list[str | tuple[int, ...]] = []
    end = 0
    for match in _MARKER.finditer(text):
        numbers = tuple(int(number) for number in match[1].split(","))
        if all(number in citations for number in numbers):
            pieces += [text[end : match.start()], numbers]
            end = match.end()
    pieces.append(text[end:])
    return [piece for piece in pieces if piece]


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.enable(["table", "strikethrough"])
    parser.disable(["html_block", "html_inline", "reference"])
    parser.validateLink = _is_safe  # type: ignore[method-assign]  # the library's own hook
    parser.core.ruler.push("chips", _put_chips)
    parser.inline.ruler.before("escape", "formula", _take_formula)
    interrupted = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.before("fence", "formula_block", _take_formula_block, {"alt": interrupted})
    parser.add_render_rule("formula", _render_formula)
    parser.add_render_rule("formula_block", _render_formula)
    parser.add_render_rule("chips", _render_chips)
    parser.add_render_rule("image", _render_image)
    parser.add_render_rule("table_open", _render_table)
    parser.add_render_rule("fence", _render_code)
    parser.add_render_rule("code_block", _render_code)
    return parser


def _is_safe(url: str) -> bool:
    return _SAFE_LINK.match(url) is not None


def _put_chips(state: StateCore) -> None:
    citations = state.env.get("citations", frozenset())
    for block in state.tokens:
        if block.children:
            block.children = [
                token for child in block.children for token in _chip_tokens(child, citations)
            ]


def _chip_tokens(token: Token, citations: Collection[int]) -> list[Token]:
    if token.type != "text":
        return [token]
    made = []
    for piece in _split(token.content, citations):
        if isinstance(piece, tuple):
            made.append(Token("chips", "", 0, meta={"numbers": piece}))
        else:
            made.append(Token("text", "", 0, content=piece))
    return made


def _render_chips(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _: OptionsDict, __: EnvType
) -> str:
    return chips(tokens[index].meta["numbers"])


def _take_formula(state: StateInline, silent: bool) -> bool:
    part = formula_at(state.src, state.pos)
    if part is None or part.span.end > state.posMax:
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content = part.content
        token.markup = state.src[part.span.start : part.span.end]
        token.meta = {"is_display": part.kind is Kind.DISPLAY}
    state.pos = part.span.end
    return True


def _take_formula_block(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A formula on lines of its own; without this, a line "- b" within it would be a list."""
    start = state.bMarks[first] + state.tShift[first]
    part = formula_at(state.src, start) if state.src[start : start + 2] in ("$$", r"\[") else None
    last = first
    while part and last < end and state.eMarks[last] < part.span.end:
        last += 1
    if part is None or last >= end:
        return False
    behind = state.src[part.span.end : state.eMarks[last]].strip()
    if behind not in ("", ".", ",", ";"):
        return False
    if not silent:
        token = state.push("formula_block", "", 0)
        token.content = part.content + behind
        token.markup = state.src[part.span.start : part.span.end]
        token.meta = {"is_display": True, "is_block": True}
        state.line = last + 1
    return True


def _render_formula(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _: OptionsDict, __: EnvType
) -> str:
    """What cannot be set is shown as it was written."""
    token = tokens[index]
    is_display = bool(token.meta["is_display"])
    if set_formula(token.content, is_display=is_display) is None:
        shown = f"<code>{html.escape(token.markup)}</code>"
    else:
        source = html.escape(address(token.content, is_display=is_display))
        shown = f'<img src="{source}">'
    return f'<p align="center">{shown}</p>' if "is_block" in token.meta else shown


def _render_image(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _: OptionsDict, __: EnvType
) -> str:
    """A picture is never loaded: its words stand in its place."""
    return html.escape(tokens[index].content or "picture")


def _render_table(*_: Any) -> str:
    return '<table border="1" cellspacing="0" cellpadding="6" style="border-collapse: collapse">'


def _render_code(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _: OptionsDict, env: EnvType
) -> str:
    token = tokens[index]
    language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
    return code_block(token.content.rstrip("\n"), language, env.get("code", _PLAIN_CODE))


_PARSER = _parser()
