"""SVG text: elements with sorted attributes, fixed decimals and escaped content."""

from __future__ import annotations

import re
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

Attribute = str | float | None


@lru_cache(maxsize=1 << 16)
def number(value: float) -> str:
    """At most two decimals, without what says nothing."""
    if value == int(value):
        return str(int(value))
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@lru_cache(maxsize=1 << 16)
def place(value: float) -> str:
    """A coordinate: a tenth of a pixel is finer than the eye."""
    return number(round(value, 1))


def element(name: str, attributes: dict[str, Attribute], *content: str) -> str:
    """An element; `content` is SVG already, attributes that are None are left out."""
    held = "".join(
        f" {key}={_quoted(value)}" if isinstance(value, str) else f' {key}="{number(value)}"'
        for key, value in sorted(attributes.items())
        if value is not None
    )
    inner = "".join(content)
    return f"<{name}{held}>{inner}</{name}>" if inner else f"<{name}{held}/>"


def _quoted(value: str) -> str:
    """An attribute's value; most say nothing that must be escaped."""
    return quoteattr(value) if _SPECIAL.search(value) else f'"{value}"'


_SPECIAL = re.compile(r"""[&<>"\n\r\t]""")
"""What an attribute can't hold as it is."""


def text(content: str) -> str:
    """Text as SVG holds it; what XML can't hold is dropped."""
    return escape(_FORBIDDEN.sub("", content)) if _MARKUP.search(content) else content


_FORBIDDEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
_MARKUP = re.compile('[&<>"\\x00-\\x09\\x0b-\\x1f\\ud800-\\udfff\\ufffe\\uffff]')
"""What is not written as it is: signs of markup, controls, and what may not stand in XML."""
