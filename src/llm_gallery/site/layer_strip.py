"""The schedule strip: one cell a layer, input at the left; above the token mixers, below the channel mixers.

The second channel is that of the figures' strips, for cells too small for it: what a layer keeps is its tint, what it
chooses a gap in the middle, a window its height.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from llm_gallery.architecture.block import Block, channel_mixers, distinct_layers, layers, mixers
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.strip.layer_bar import WINDOWED
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.bar import Bar, bar_of
from llm_gallery.mechanisms.colour import Colour

PITCH, HEIGHT = 10, 16
TOKEN, BETWEEN = 10.0, 1.0
"""Px of the upper row, and between rows."""
GAP = 2.0
"""Px in the middle of what a layer chooses from."""
GROUND, PALEST, HOLLOW = 0.16, 0.22, 0.3
"""Shares of ink: behind a window's bar, of what keeps least, of what is borrowed."""


class Piece(NamedTuple):
    """A rectangle as wide as a cell: its colour, its share of ink, its upper edge and its height."""

    colour: Colour
    ink: float
    top: float
    high: float


def strip(root: Block, title: str) -> Markup:
    """The strip as SVG that stretches to the width of its box; colours come from the page's classes.

    Pieces of one look are one path, a line for each run of layers: the style sheet dashes it into cells.
    """
    stack = layers(root)
    known = {id(layer): frozenset(_pieces(layer)) for layer in distinct_layers(root)}
    rows = [known[id(layer)] for layer in stack]
    paths = Markup("").join(
        _path(piece, [piece in row for row in rows])
        for piece in sorted({piece for row in known.values() for piece in row})
    )
    return Markup(
        '<svg class="strip" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}</svg>'
    ).format(max(1, len(stack) * PITCH - 1), HEIGHT, title, paths)


def _path(piece: Piece, there: Sequence[bool]) -> Markup:
    """A piece in each run of layers that have it."""
    lines, start = "", 0
    middle = number(piece.top + piece.high / 2)
    for has, run in groupby(there):
        length = len([*run])
        if has:
            lines += f"M{start * PITCH} {middle}h{length * PITCH - 1}"
        start += length
    ink = "" if piece.ink == 1 else f' stroke-opacity="{number(piece.ink)}"'
    return Markup(
        f'<path class="{piece.colour}" d="{lines}"{ink} stroke-width="{number(piece.high)}"/>'
    )


def _pieces(layer: Block) -> Iterator[Piece]:
    """Two rows, or one over the whole height where a layer has only one sort of mixer."""
    tokens, channels = mixers(layer), channel_mixers(layer)
    yield from _row(tokens, 0, TOKEN if channels else HEIGHT)
    start = TOKEN + BETWEEN if tokens else 0.0
    yield from _row(channels, start, HEIGHT - start)


def _row(blocks: Sequence[Block], top: float, high: float) -> Iterator[Piece]:
    """Blocks side by side in a layer share its row."""
    each = (high - BETWEEN * (len(blocks) - 1)) / max(1, len(blocks))
    for index, block in enumerate(blocks):
        yield from _bar(colour_of(block), bar_of(block), top + index * (each + BETWEEN), each)


def _bar(colour: Colour, bar: Bar, top: float, high: float) -> Iterator[Piece]:
    """A bar, which stands on the stream below: its ground, and what is seen of it."""
    reaching = high if bar.whole else WINDOWED * high
    if reaching < high:
        yield Piece(colour, GROUND, top, high - reaching)
        top += high - reaching
    ink = 1.0 if bar.entry == 1 else max(PALEST, bar.thickness)
    pieces = 2 if bar.chooses else 1
    inks = [HOLLOW * ink if bar.hollow(piece, pieces) else ink for piece in range(pieces)]
    gap = GAP if len(inks) > 1 else 0.0
    each = (reaching - gap * (len(inks) - 1)) / len(inks)
    for index, share in enumerate(inks):
        yield Piece(colour, share, top + index * (each + gap), each)
