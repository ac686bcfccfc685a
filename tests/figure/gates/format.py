"""Whether a page keeps its format: how high it is, how large its type, and what its first screen shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from llm_gallery.figure.kit.shapes import Bounds, Picture, Text
from llm_gallery.figure.kit.text import Span
from tests.figure.gates.flattened import flat


class Format(NamedTuple):
    """What a page of a width is held to."""

    highest: float | None  # times its width
    broadest: float | None  # times its height
    least: float  # px of type
    raised: float  # px of what stands raised or lowered: an index, an exponent


FORMATS = {
    400.0: Format(5.0, None, 10.5, 9.0),
    800.0: Format(None, None, 10.5, 9.0),  # shown 768 px wide on a tablet
    1200.0: Format(1.25, 1.9, 10.5, 10.0),
}
"""The format of each stated width: a page for a column is as high as it must be."""
SMALL, SHARE = 12.0, 0.21
"""Px under which type is small, and the share of a page's characters that may be."""
SCREEN = 700.0
"""Px from the top that a first screen shows."""


def out_of_format(picture: Picture) -> tuple[str, ...]:
    """What is wrong with the sides of a page. Raises KeyError for a width that isn't a page's."""
    form = FORMATS[picture.width]
    ratio = picture.height / picture.width
    if form.highest is not None and ratio > form.highest:
        return (f"{ratio:.2f} times as high as wide, at most {form.highest} is right",)
    if form.broadest is not None and 1 / ratio > form.broadest:
        return (f"{1 / ratio:.2f} times as wide as high, at most {form.broadest} is right",)
    return ()


def set_too_small(picture: Picture, least: float = 0.0) -> tuple[str, ...]:
    """Every text under the least size of the page's width, or under another one.

    Raises KeyError for a width that isn't a page's.
    """
    form = FORMATS[picture.width]
    return tuple(
        f'"{span.text}" is set in {size} px'
        for span, size in _spans(picture)
        if size < (form.raised if span.shift else max(form.least, least))
    )


def too_small(picture: Picture) -> tuple[str, ...]:
    """Those texts, and the share of small type where it is too large."""
    characters = Counter[bool]()
    for span, size in _spans(picture):
        characters[size < SMALL] += len(span.text.replace(" ", ""))
    share = characters[True] / max(1, characters.total())
    much = (f"{share:.0%} of the characters are under {SMALL:g} px",) if share > SHARE else ()
    return (*set_too_small(picture), *much)


def _spans(picture: Picture) -> Iterator[tuple[Span, float]]:
    """Every stretch of text with its size."""
    for text in flat(picture):
        if isinstance(text, Text):
            yield from ((span, span.size or text.size) for span in text.spans)


def too_low(told: Bounds) -> tuple[str, ...]:
    """Whether what leads a page, its pictures and sentences, leaves the first screen."""
    if told.bottom <= SCREEN:
        return ()
    return (f"what leads ends at {told.bottom:.0f} px, the first screen at {SCREEN:g}",)
