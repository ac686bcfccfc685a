"""Printed code as a page shows it: lines with their numbers; comments, strings and keywords marked, functions linked."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from functools import partial
from html import escape

from markupsafe import Markup

TOKEN = re.compile(
    r'''(?P<s>(?:\b[bfru]{1,2})?(?:"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))'''
    r"|(?P<c>#[^\n]*)|(?P<word>\w+)",
    re.ASCII | re.DOTALL | re.IGNORECASE,
)
"""What may be marked: `s` a string, `c` a comment, and a word, which may be a keyword or a function."""
_escaped = partial(escape, quote=False)


def code_lines(text: str, functions: Mapping[str, int]) -> tuple[Markup, ...]:
    """The lines of a file; `functions` are the lines that define some, to which other lines lead."""
    marked = "".join(_marked(text.rstrip("\n"), functions))
    return tuple(map(Markup, marked.split("\n")))


def _marked(text: str, functions: Mapping[str, int]) -> Iterator[str]:
    """The text as HTML, piece by piece."""
    at = 0
    for token in TOKEN.finditer(text):
        piece, word = token[0], token.lastgroup == "word"
        called = word and piece in functions
        if word and not called and not keyword.iskeyword(piece):
            continue
        mark = "b" if word else "i"  # the shortest elements: a file has hundreds
        yield _escaped(text[at : token.start()])
        at = token.end()
        if called and not text.startswith("def ", text.rfind("\n", 0, token.start()) + 1):
            yield f'<a href="#L{functions[piece]}">{piece}</a>'
        else:  # of a string of several lines each is marked
            yield "\n".join(
                line and f"<{mark}>{line}</{mark}>" for line in _escaped(piece).split("\n")
            )
    yield _escaped(text[at:])
