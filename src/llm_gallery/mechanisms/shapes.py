"""What enters and leaves a part, and what it makes between: B sequences of T tokens, each with numbers of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms.lane_drawing import Lane, LaneDrawing, State, number_of

Row = tuple[str, str]
"""What it is, and its shape: ("q", "B × T × 16 × 256")."""
Shapes = Callable[[Block, int], tuple[Row, ...]]
"""The rows of a block from what enters to what leaves, by the width of the stream."""
IDS = ("in", "B × T ids")


def shape(*sizes: int | str) -> str:
    """B × T × so many numbers, or what is written for one that isn't known."""
    return " × ".join(("B", "T", *(s if isinstance(s, str) else f"{s:,}" for s in sizes)))


def on_stream(between: Callable[[Block], Iterator[Row]] = lambda _: iter(())) -> Shapes:
    """From the stream to the stream, and what is made between."""

    def shapes(block: Block, width: int) -> tuple[Row, ...]:
        return ("in", shape(width)), *between(block), ("out", shape(width))

    return shapes


def in_lanes(drawing: LaneDrawing) -> Shapes:
    """From the stream through the lanes of a drawing, those of one shape together, and its state to the stream."""

    def between(block: Block) -> Iterator[Row]:
        names: dict[str, list[str]] = {}
        for lane in drawing.lanes:
            sizes = _lane(block, lane)
            if prod(sizes):
                names.setdefault(shape(*sizes), []).append(lane.name)
        yield from ((", ".join(alike), size) for size, alike in names.items())
        core = drawing.core
        if isinstance(core, State):
            facts = (core.states, *core.sizes) if core.states else core.sizes
            counts = (sum(map(block.number, each.split())) for each in facts)
            yield "state", " × ".join(("B", *(f"{count:,}" for count in counts)))

    return on_stream(between)


def _lane(block: Block, lane: Lane) -> tuple[int, ...]:
    if not lane.role or (lane.where is not None and not lane.where(block)):
        return (0,)
    if not callable(lane.outputs):
        return tuple(number_of(block, number) for number in lane.outputs)
    return (lane.outputs(block),)


def of_matrix(block: Block, width: int) -> tuple[Row, ...]:
    """What a matrix reads and gives."""
    return ("in", shape(block.number("inputs"))), ("out", shape(block.number("outputs")))


def of_weights(block: Block, width: int) -> tuple[Row, ...]:
    """As many numbers as there are weights leave as entered; nothing where there are none."""
    wide = shape(block.number("width")) if block.tensors else ""
    return (("in", wide), ("out", wide)) if wide else ()
