"""Printed code as a page shows it: lines with their numbers; comments, strings and keywords marked, functions linked."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping

from markupsafe import Markup, escape

TOKEN = re.compile(
    r'''(?P<s>(?:\b[bfru]{1,2})?(?:"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))'''
    r"|(?P<c>#[^\n]*)|(?P<word>\w+)",
    re.ASCII | re.DOTALL | re.IGNORECASE,
)
"""What may be marked: `s` a string, `c` a comment, and a word, which may be `k` a keyword or `f` a function."""


def code_lines(text: str, functions: Mapping[str, int]) -> tuple[Markup, ...]:
    """The lines of a file; `functions` are the lines that define some, to which other lines lead."""
    marked = "".join(_marked(text.rstrip("\n"), functions))
    return tuple(map(Markup, marked.split("\n")))


def _marked(text: str, functions: Mapping[str, int]) -> Iterator[str]:
    """The text as HTML, piece by piece."""
    at = 0
    for token in TOKEN.finditer(text):
        sort, piece = token.lastgroup, token[0]
        if sort == "word":
            if piece in functions:
                sort = "f"
            elif keyword.iskeyword(piece):
                sort = "k"
            else:
                continue
        yield escape(text[at : token.start()])
        at = token.end()
        if sort == "f" and not text.startswith("def ", text.rfind("\n", 0, token.start()) + 1):
            yield f'<a href="#L{functions[piece]}">{piece}</a>'
        else:  # of a string of several lines each is marked
            yield "\n".join(
                line and f'<span class="{sort}">{line}</span>' for line in escape(piece).split("\n")
            )
    yield escape(text[at:])
