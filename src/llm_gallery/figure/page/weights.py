"""Every weight of a model as a table: name, shape as stored, parameters of each, and how many there are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil, prod
from typing import NamedTuple

from llm_gallery import mechanisms
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block, join, walk
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.gates import words
from llm_gallery.figure.kit.shapes import Picture, Point, Text, flat
from llm_gallery.figure.kit.signs import square
from llm_gallery.figure.kit.text import cut, fitting, width
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import Colour

COLUMNS, GUTTER = 3, 32.0
HEAD, PITCH, TITLED = 44.0, 17.0, 26.0
"""Px above the columns, from row to row, and that the title of a part takes."""
SIZES = (12.0, 11.5, 11.0, 10.5)
"""Px of the type of a name: the largest in which it stands whole."""
CAPTION = "as the checkpoint stores them: shape, parameters of each, how many there are"


class Part(NamedTuple):
    """What weights are listed under."""

    title: str
    colour: Colour


class Weight(NamedTuple):
    """A tensor, or many that differ in a number of their names only."""

    name: str
    shape: tuple[int, ...]
    tied: bool


AROUND, LAYER = Part("Around the layers", "embedding"), Part("In each layer", "norm")
WIRING = Part("Residual connections", "norm")
_NUMBER = re.compile(r"(?<![A-Za-z0-9])\d+\b")
"""A number that counts: of a layer, an expert or a shard, not the 1 of "w1"."""


@dataclass(slots=True)
class _Tally:
    parts: dict[Part, Counter[Weight]] = field(default_factory=dict)

    def visit(self, block: Block, part: Part, name: str, times: int, *, within: bool) -> None:
        """Adds what a block stores under a name; `within` a part that is listed as a whole."""
        if not within:
            part, name, within = _listed(block, part, name)
        copies = times * block.copies
        leading = (block.copies,) if block.stacked else ()
        path = f"{name}.*" if block.copies > 1 and not block.stacked else name
        counted = self.parts.setdefault(part, Counter())
        for tensor in block.tensors:
            spelled = _NUMBER.sub("*", join(path, tensor.name)).removesuffix(".weight")
            weight = Weight(spelled, (*leading, *tensor.shape), tensor.tied_to is not None)
            counted[weight] += times if block.stacked else copies
        if block.is_stack:
            numbered = join(path, "*") if within else ""
            layers = {id(layer): layer for layer in block.inside}
            counts = Counter(map(id, block.inside))
            for key, layer in layers.items():
                below = part if within else LAYER
                self.visit(layer, below, numbered, copies * counts[key], within=within)
            return
        for inner in block.inside:
            self.visit(inner, part, join(path, inner.name), copies, within=within)


def _listed(block: Block, part: Part, name: str) -> tuple[Part, str, bool]:
    """The part that a block belongs to, what its weights are called there, and whether all in it does."""
    if block.stands_apart:
        title = block.kind.replace("_", "-" if block.kind.startswith("multi") else " ")
        title = title.replace("token-", "token ").capitalize()
        return Part(f"{title}, not in the total", "embedding"), "", True
    if block.on_tokens or block.on_channels:
        return Part(mechanisms.title(block), colour_of(block)), "", True
    if block.connects:
        return WIRING, name, True
    return part, name, False


def weights(root: Block) -> dict[Part, Counter[Weight]]:
    """All weights of a model by part, each with how many there are."""
    tally = _Tally()
    tally.visit(root, AROUND, "", 1, within=False)
    return {part: counted for part, counted in tally.parts.items() if counted}


def table(root: Block, wide: float) -> Picture:
    """The table in columns of equal length, the parts one after another."""
    sheet = Sheet()
    sheet.rule(Point(0, 0), Point(wide, 0))
    sheet.label(0, 26, "Weights", size=13, weight=600, role="ink")
    sheet.label(wide, 26, CAPTION, size=12, anchor="end")
    across = (wide - GUTTER * (COLUMNS - 1)) / COLUMNS
    rows = [
        (part, index == 0, Row.of(weight, count, across))
        for part, counted in weights(root).items()
        for index, (weight, count) in enumerate(counted.items())
    ]
    total = sum(row.height + (TITLED if first else 0.0) for _, first, row in rows)
    limit, lowest = HEAD + ceil(total / COLUMNS) + PITCH, HEAD
    x, y = 0.0, HEAD
    for part, first, row in rows:
        titled = first
        needs = row.height + (TITLED if first else 0.0)
        if y > HEAD and limit < y + needs and x + across + GUTTER < wide:
            x, y, titled = x + across + GUTTER, HEAD, True
        if titled:
            sheet.put(square(x, y + 8.5, f"{part.colour}.solid"))
            role = f"{part.colour}.text"
            sheet.label(x + 14, y + 17, part.title, size=12.5, weight=600, role=role)
            y += TITLED
        row.put(sheet, x, y + 10, across)
        y += row.height
        lowest = max(lowest, y)
    return sheet.picture(wide, lowest + 8)


@dataclass(frozen=True, slots=True)
class Row:
    """A weight's name, and its numbers: right of the name, or under one that leaves no room."""

    names: tuple[str, ...]  # of one too long for a column, its pieces under one another
    numbers: str
    size: float
    under: bool

    @classmethod
    def of(cls, weight: Weight, count: int, wide: float) -> Row:
        """The row of a weight in a column so wide."""
        numbers = _sizes(weight.shape)
        numbers += ["tied"] if weight.tied else [f"× {count:,}"] if count > 1 else []
        words = ", ".join(numbers)
        beside = wide - width(words, SIZES[0]) - 10
        under = width(weight.name, SIZES[-1]) > beside
        size = fitting(weight.name, wide if under else beside, SIZES)
        return cls(tuple(_pieces(weight.name, wide, size)), words, size, under)

    @property
    def height(self) -> float:
        """Px from this row to the next."""
        return PITCH * (len(self.names) + self.under)

    def put(self, sheet: Sheet, x: float, y: float, wide: float) -> None:
        """Writes it with its first baseline at y."""
        low = sheet.lines(x, y, self.names, PITCH, size=self.size, role="ink")
        numbers = low if self.under else y
        sheet.label(x + wide, numbers, self.numbers, size=SIZES[0], anchor="end")


def _pieces(name: str, wide: float, size: float) -> Iterator[str]:
    """A name in pieces so wide, parted at its dots and underscores."""
    piece = ""
    for part in re.findall(r"[^._]*[._]?", name):
        if piece and width(piece + part, size) > wide:
            yield piece
            piece = ""
        piece += part
    yield cut(piece, wide, size)


def unsaid(root: Block, full: Picture) -> tuple[str, ...]:
    """Every stored tensor whose shape, and for a matrix whose parameters, no text of the figure says."""
    texts = [words(shape) for shape in flat(full) if isinstance(shape, Text)]
    numbers = {part for text in texts for part in text.split(", ")}
    missing = {}
    for path, block in walk(root):
        for tensor in block.tensors:
            shape = ((block.copies,) if block.stacked else ()) + tensor.shape
            wanted = _sizes(shape)
            if not numbers.issuperset(wanted):
                missing[join(path, tensor.name)] = (
                    f"{join(path, tensor.name)} {wanted[0]} isn't said"
                )
    return tuple(missing.values())


def _sizes(shape: tuple[int, ...]) -> list[str]:
    """A shape in words, and for a matrix its parameters."""
    return [
        " × ".join(f"{n:,}" for n in shape) or "1",
        *([short(prod(shape))] if len(shape) > 1 else []),
    ]
