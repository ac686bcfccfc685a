"""Alternating updates (AltUp) as a drawing: all streams are guessed, a layer works on the first, the guesses are corrected by it.

Paper: https://arxiv.org/abs/2301.13310
"""

from __future__ import annotations

from llm_gallery.figure.internals._fitting import arrow, snug
from llm_gallery.figure.internals._streams import (
    NARROW,
    WRITE,
    Aside,
    Bed,
    bed,
    indexed,
    panel,
)
from llm_gallery.figure.internals._use import Use, size
from llm_gallery.figure.kit.blocks import Node, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import dot
from llm_gallery.figure.kit.text import subscript
from llm_gallery.mechanisms.norms import norm_of

HIGH = 306.0
READ = WRITE + 84
GUESS = WRITE + 120
TITLE = "Alternating updates"


def inset(use: Use) -> Inset:
    """The streams with one layer, and where the weights come from."""
    count = use.block.number("streams")
    if use.width < NARROW:
        return _narrow(use, count)
    drawn = bed(use, HIGH)
    correct, guess = drawn.bar(WRITE, "+"), drawn.crossing(GUESS)
    first = Point(drawn.across[-1], READ)  # beside the layer: no other stream is crossed
    drawn.put(dot(first.x, first.y, "stream", 4.25))
    _weights(drawn, guess, correct)
    _layer(drawn, first, correct)
    x, w, maps = indexed("x", "i"), indexed("w", "i"), indexed("M", "ij")
    panel(
        drawn,
        [
            (*x, " ← ", *x, " + Σ", subscript("j"), " ", *maps, " ", *indexed("x", "j")),
            (*x, " ← ", *x, " + ", *w, " ( layer( ", *indexed("x", "1"), " ) − ", *indexed("x", "1"), " )"),
        ],
        "Maps and shares are made anew for each token: of the first stream before the layer, of what the layer gives after it. Only one stream is worked on.",
        "a layer",
    )  # fmt: skip
    return use.inset(TITLE, "norm", drawn.body(), f"{count:,} streams")


def _narrow(use: Use, count: int) -> Inset:
    """The streams with one layer, and what is done at each sign in words."""
    drawn = Aside(use, 196)
    correct = drawn.sign(38, "+", "Correct", f"{count:,} shares", "of what the layer changed")
    read = drawn.sign(97, "", "Work", "one layer", "on the first stream", of=1)
    drawn.sign(156, "×", "Guess", f"{count:,} × {count:,} weights", "each stream from all")
    return use.inset(TITLE, "norm", drawn.between(read, correct), f"{count:,} streams")


def _layer(drawn: Bed, read: Point, write: Node) -> None:
    """The layer, from the first stream and back to all."""
    middle = (read.y + write.centre.y) / 2
    node = drawn.add(matrix(drawn.branch, middle, "layer", "", "norm", wide=92, high=30))
    drawn.wire(read, Point(drawn.branch, read.y), node.bottom)
    drawn.wire(node.top, Point(drawn.branch, write.centre.y), write.right)


def _weights(drawn: Bed, guess: Node, correct: Node) -> None:
    """The first stream, normed, says how much each map counts; from that come maps and shares."""
    use, x = drawn.use, drawn.weights
    held = {role: use.block.part(role) for role in ("modality", "predict", "correct")}
    norm, weighing = norm_of(use.block), held["modality"]
    start = Point(drawn.across[0], HIGH - 42)
    drawn.put(dot(start.x, start.y, "stream", 4.25))
    below = drawn.add(pill(x, HIGH - 62, "RMSNorm", wide=92, about=use.about(norm)))
    shape = arrow(size(weighing, "inputs"), size(weighing, "outputs"))
    table = drawn.add(
        matrix(x, HIGH - 94, "tanh", shape, "norm", about=use.about(weighing), high=26)
    )
    drawn.wire(start, Point(x, start.y), below.bottom)
    drawn.wire(below.top, table.bottom)
    side = drawn.left + 8
    count = f"{drawn.stream.count:,}"
    forms = {"predict": (("maps", f"{count} × {count}"),), "correct": (("1 + shares", count),)}
    rail, before = table.top.y - 8, table.top
    for role, sign in (("predict", guess), ("correct", correct)):
        y = sign.centre.y
        about = use.about(held[role])
        node = drawn.add(snug(x + 4, y, forms[role], "norm", 152, about=about))
        if role == "predict":
            drawn.wire(before, Point(x, rail), Point(side, rail), Point(side, y), node.left)
            drawn.put(dot(side, y))
        else:
            drawn.wire(Point(side, guess.centre.y), Point(side, y), node.left)
        drawn.wire(node.right, sign.left)
