"""What a drawing shows, asked by its words: boxes, wires between them, and counted squares."""

from __future__ import annotations

import re
from dataclasses import dataclass

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals import Use, inset
from llm_gallery.figure.kit.shapes import Box, Inset, Line, Mark, Point, Text, flat
from tests.figure.gates import faults


@dataclass(frozen=True, slots=True)
class Seen:
    """An inset as a reader sees it."""

    inset: Inset
    texts: tuple[Text, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Every text, in the order of painting."""
        return tuple(said(text) for text in self.texts)

    def count(self, words: str) -> int:
        """How often exactly these words stand there."""
        return self.words.count(words)

    def box(self, words: str, nth: int = 0) -> Box:
        """The nth box that holds the words."""
        return self._holding(words)[nth]

    def _holding(self, words: str) -> list[Box]:
        found = []
        for text in self.texts:
            if said(text) == words:
                x, y = text.bounds.left + 1, text.y - 2
                held = [b for b in self.boxes if _inside(b, Point(x, y))]
                if held:
                    found.append(min(held, key=lambda b: b.width * b.height))
        return found

    def feeds(self, lower: Box, upper: Box) -> bool:
        """Whether a wire runs from the one box to the other."""
        return any(
            _touches(lower, line.points[0]) and _touches(upper, line.points[-1])
            for line in self.lines
            if line.kind == "flow"
        )

    def operations(self) -> list[Box]:
        """The circles, from the bottom up."""
        return sorted((b for b in self.boxes if b.form == "circle"), key=lambda b: -b.y)

    def squares(self, role: str) -> list[int]:
        """Squares of each dashed picture in a colour."""
        return [_dashes(mark) for mark in self.marks if mark.stroke == role and mark.dash]

    def lit(self, role: str) -> int:
        """Single filled squares in a colour."""
        return sum(mark.path.count("z") for mark in self.marks if mark.fill == role)

    def drums(self) -> int:
        """Signs of memory."""
        return sum(mark.path.startswith("m0 2a5 2") for mark in self.marks)


def said(text: Text) -> str:
    """The words of a text, gaps as spaces."""
    return "".join((" " if span.gap else "") + span.text for span in text.spans)


def seen(
    *variants: tuple[Block, int], width: float = 418, where: str = "", full: bool = False
) -> Seen:
    """A drawing of blocks with their numbers of layers, which passes the gates."""
    paths = tuple(f"model.layers.{layer}.part" for layer in range(len(variants)))
    made = inset(Use(paths=paths, variants=variants, width=width, where=where, full=full))
    shapes = flat(made.body)
    found = faults(made.body)
    assert not found, found
    assert made.body.width == width
    return Seen(
        made,
        tuple(shape for shape in shapes if isinstance(shape, Text)),
        tuple(shape for shape in shapes if isinstance(shape, Box)),
        tuple(shape for shape in shapes if isinstance(shape, Line)),
        tuple(shape for shape in shapes if isinstance(shape, Mark)),
    )


def _inside(box: Box, point: Point) -> bool:
    left, top, right, bottom = box.bounds
    return left <= point.x <= right and top <= point.y <= bottom


def _touches(box: Box, point: Point) -> bool:
    """Whether a point lies on the edge of a box."""
    left, top, right, bottom = box.bounds
    within = left - 0.01 <= point.x <= right + 0.01 and top - 0.01 <= point.y <= bottom + 0.01
    at_edge = min(
        abs(point.x - left), abs(point.x - right), abs(point.y - top), abs(point.y - bottom)
    )
    return within and at_edge < 0.01


def _dashes(mark: Mark) -> int:
    """Dashes that a path of horizontal strokes is broken into: each stroke starts the pattern anew."""
    assert mark.dash is not None
    side, gap = map(float, mark.dash.split())
    strokes = [float(length) for length in re.findall(r"h([\d.]+)", mark.path)]
    return sum(round((length + gap) / (side + gap)) for length in strokes)
