"""SVG text: elements with a look and sorted attributes, fixed decimals and escaped content."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache

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


class Look(str):
    """A class, which each theme names otherwise; `printed` is what only print tells apart, such as where a hatching begins."""

    __slots__ = ("printed",)
    printed: Hashable

    def __new__(cls, name: str, printed: Hashable = None) -> Look:
        """Looks of one name are equal: in light and dark they are one."""
        made = super().__new__(cls, name)
        made.printed = printed
        return made


class Printed(str):
    """The attributes of a path that print alone paints, in a look; light and dark leave it out."""

    __slots__ = ("look",)
    look: Look

    def __new__(cls, attributes: str, look: Look) -> Printed:
        """A path of a look."""
        made = super().__new__(cls, attributes)
        made.look = look
        return made


class GroupTag(str):
    """The start or the end of a group, or a class that says what is drawn; a page that asks for no groups has none."""

    __slots__ = ()


class Hidden(str):
    """What hides a text, or fits it, under its outlines; a figure without outlines leaves it out."""

    __slots__ = ()


Parts = list[str]
"""SVG as far as it is the same in every theme, and the looks and what hides between."""


def element(
    name: str, attributes: Mapping[str, Attribute], *content: str, look: Look | None = None
) -> Parts:
    """An element of a look; `content` is SVG already."""
    return tag(name, written(attributes), *content, look=look)


def tag(name: str, attributes: str, *content: str, look: Look | None = None) -> Parts:
    """The same of attributes that are written already, in the order of their names."""
    end = ">" if any(content) else "/>"
    opened: Parts = (
        [f"<{name}{attributes}{end}"]
        if look is None
        else [f'<{name} class="', look, f'"{attributes}{end}']
    )
    return [*opened, *content, f"</{name}>"] if end == ">" else opened


def written(attributes: Mapping[str, Attribute]) -> str:
    """Attributes as an element states them; those that are None are left out."""
    text = ""
    for key, value in sorted(attributes.items()):
        if isinstance(value, str):
            escaped = value.translate(_QUOTED) if _SPECIAL.search(value) else value
            text = f'{text} {key}="{escaped}"'
        elif value is not None:
            text = f'{text} {key}="{number(value)}"'
    return text


_SPECIAL = re.compile(r"""[&<>"\n\r\t]""")
"""What an attribute can't hold as it is."""


def text(content: str) -> str:
    """Text as SVG holds it; what XML can't hold is dropped."""
    return _FORBIDDEN.sub("", content).translate(_ESCAPED) if _MARKUP.search(content) else content


_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_QUOTED = _ESCAPED | str.maketrans({'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
"""How text and attributes hold it; `xml.sax.saxutils` would bring the network's modules."""
_FORBIDDEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
_MARKUP = re.compile('[&<>"\\x00-\\x09\\x0b-\\x1f\\ud800-\\udfff\\ufffe\\uffff]')
"""What is not written as it is: signs of markup, controls, and what may not stand in XML."""
