"""Hyper-connections as a drawing: several residual streams, read, written and mixed by weights that they give themselves.

Paper: https://arxiv.org/abs/2512.24880
"""

from __future__ import annotations

from llm_gallery.figure.internals._fitting import arrow, snug
from llm_gallery.figure.internals._streams import (
    NARROW,
    WRITE,
    Aside,
    Bed,
    bed,
    branch,
    indexed,
    panel,
    written_by,
)
from llm_gallery.figure.internals._use import Use, size
from llm_gallery.figure.kit.blocks import Node, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import dot
from llm_gallery.figure.kit.text import Span, subscript
from llm_gallery.mechanisms.norms import norm_of

HIGH = 306.0
MIX, READ = WRITE + 54, WRITE + 108


def inset(use: Use) -> Inset:
    """The streams with one branch, and where the weights come from."""
    count = use.block.number("streams")
    if use.width < NARROW:
        return _narrow(use, count)
    drawn = bed(use, HIGH)
    write, read = drawn.bar(WRITE, "+"), drawn.bar(READ, "")
    signs = {"read": read, "write": write}
    if drawn.stream.mixes:
        signs["mix"] = drawn.crossing(MIX)
    tap = drawn.bar(HIGH - 42, "")
    _weights(drawn, tap, signs)
    branch(drawn, read, write, "weighted sum", "times weights")
    _explained(drawn)
    mixed = "mixed, " if drawn.stream.mixes else ""
    return use.inset("Hyper-connections", "norm", drawn.body(), f"{mixed}{count:,} streams")


def _narrow(use: Use, count: int) -> Inset:
    """The streams with one branch, and what is done at each sign in words."""
    drawn = Aside(use, 196)
    made = f"{count:,} weights, {written_by(use.block)}"
    write = drawn.sign(38, "+", "Write", made, "one result, to all streams")
    if drawn.stream.mixes:
        square = f"{count:,} × {count:,}, rows and columns"
        drawn.sign(97, "×", "Mix", square, f"sum to 1 (Sinkhorn{_rounds(use)})")
    read = drawn.sign(
        156, "", "Read", f"{count:,} weights, sigmoid", "a weighted sum of all streams"
    )
    body = drawn.between(read, write)
    return use.inset("Hyper-connections", "norm", body, f"{count:,} streams")


def _weights(drawn: Bed, tap: Node, signs: dict[str, Node]) -> None:
    """All streams in one row give the weights, anew for each token: normed, then one matrix."""
    use = drawn.use
    maps = [part for part in use.block.inside if "outputs" in part.facts]
    norm, x = norm_of(use.block), drawn.weights
    outputs = " + ".join(f"{part.number('outputs'):,}" for part in maps)
    first = maps[0] if maps else None
    shape, about = arrow(size(first, "inputs"), outputs), use.about(first)
    below = drawn.add(pill(x, HIGH - 66, "RMSNorm", wide=92, about=use.about(norm)))
    table = drawn.add(matrix(x, HIGH - 104, "", shape, "norm", about=about))
    drawn.wire(tap.left, Point(x, tap.centre.y), below.bottom)
    drawn.wire(below.top, table.bottom)
    trunk = drawn.left + 8
    rail = table.top.y - 12
    order = sorted(signs, key=lambda name: -signs[name].centre.y)
    for index, name in enumerate(order):
        y = signs[name].centre.y
        node = _weight(drawn, name, y)
        before = (
            (table.top, Point(x, rail), Point(trunk, rail))
            if index == 0
            else (Point(trunk, signs[order[index - 1]].centre.y),)
        )
        if index < len(order) - 1:
            drawn.put(dot(trunk, y))
        drawn.wire(*before, Point(trunk, y), node.left)
        drawn.wire(node.right, signs[name].left)


def _weight(drawn: Bed, name: str, y: float) -> Node:
    """What makes the weights of one use of them."""
    count, again = f"{drawn.stream.count:,}", _rounds(drawn.use)
    square = f"{count} × {count}"
    written = written_by(drawn.use.block)
    forms = {
        "read": (("sigmoid", f"{count} to read"),),
        "write": ((written, f"{count} to write"), (written, "")),
        "mix": (("Sinkhorn", f"{square}{again}"), ("Sinkhorn", square), ("Sinkhorn", "")),
    }[name]
    about = drawn.use.facts(name, "mixing", "rounds") if name == "mix" else None
    return drawn.add(snug(drawn.weights + 4, y, forms, "norm", 152, about=about))


def _rounds(use: Use) -> str:
    rounds = use.block.value("rounds")
    return f", {rounds:,} rounds" if isinstance(rounds, int) else ""


def _explained(drawn: Bed) -> None:
    carried: tuple[Span | str, ...]
    x, total = indexed("x", "i"), (subscript("j"), " ")
    if drawn.stream.mixes:
        carried = (*x, " ← Σ", *total, *indexed("M", "ij"), " ", *indexed("x", "j"))
        words = "The weights are made anew for each token. Rows and columns of M each sum to 1, so that mixing neither adds nor loses."
    else:
        carried = (*x, " ← ", *x)
        words = "The weights are made anew for each token. The streams don't mix with one another."
    read = ("Σ", *total, *indexed("r", "j"), " ", *indexed("x", "j"))
    written = ("+ ", *indexed("w", "i"), " branch( ", *read, " )")
    panel(drawn, [carried, written], words)
