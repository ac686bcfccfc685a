"""Gated residual streams as a drawing: a gate for each channel says what a branch reads, one for each stream what it adds.

Report: https://github.com/QwenLM/Qwen3.8-Flash-Next/blob/main/tech_report.pdf
"""

from __future__ import annotations

from llm_gallery.figure.internals._fitting import arrow, slanted, snug
from llm_gallery.figure.internals._lanes import Trunk
from llm_gallery.figure.internals._streams import (
    NARROW,
    WRITE,
    Aside,
    Bed,
    bed,
    branch,
    indexed,
    panel,
)
from llm_gallery.figure.internals._use import Use, size
from llm_gallery.figure.kit.blocks import Node, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import dot
from llm_gallery.figure.kit.text import subscript
from llm_gallery.mechanisms.norms import norm_of

HIGH = 330.0
READ = WRITE + 92


def inset(use: Use) -> Inset:
    """The streams with one branch, and where the gates come from."""
    if use.width < NARROW:
        return _narrow(use)
    drawn = bed(use, HIGH)
    write, read = drawn.bar(WRITE, "+"), drawn.bar(READ, "")
    tap = drawn.bar(HIGH - 42, "")
    _gates(drawn, tap, read, write)
    branch(drawn, read, write, "gated mean", "times gates")
    x, gates = indexed("x", "i"), indexed("g", "j")
    mean = ("mean", subscript("j"), " ", *gates, " norm(", *indexed("x", "j"), ")")
    panel(
        drawn,
        [(*x, " ← ", *x), ("+ ", *indexed("w", "i"), " branch( ", *mean, " )")],
        "Gates are made anew for each token: one for each channel of each stream to read, one for each stream to write. The streams don't mix with one another.",
    )
    return use.inset("Gated streams", "norm", drawn.body(), f"{drawn.stream.count:,} streams")


def _narrow(use: Use) -> Inset:
    """The streams with one branch, and what is done at each sign in words."""
    drawn, count = Aside(use, 150), use.block.number("streams")
    write = drawn.sign(
        38, "+", "Write", f"{count:,} gates, 2 × sigmoid", "one result, to each its share"
    )
    mean = "mean of normed, gated streams"
    read = drawn.sign(110, "", "Read", "a gate a channel, sigmoid", mean)
    body = drawn.between(read, write)
    return use.inset("Gated streams", "norm", body, f"{count:,} streams")


def _gates(drawn: Bed, tap: Node, read: Node, write: Node) -> None:
    """All streams in one row, normed; from it, by a narrow latent, the gates to read, and those to write."""
    use, x = drawn.use, drawn.weights
    norm, written = norm_of(use.block), use.block.part("write")
    first = drawn.add(pill(x, HIGH - 66, "RMSNorm", wide=92, about=use.about(norm)))
    drawn.wire(tap.left, Point(x, tap.centre.y), first.bottom)
    trunk, y = Trunk(drawn, first.top), HIGH - 104
    for role, narrowing in (("read_down", True), ("read", False)):
        part = use.block.part(role)
        sizes, about = (size(part, "inputs"), size(part, "outputs")), use.about(part)
        trunk.join(
            slanted(x, y, *sizes, "norm", wide=136, narrowing=narrowing, high=24, about=about)
        )
        y -= 52
    between = HIGH - 104 - 26
    drawn.label(x + 8, between + 4, "SiLU", size=10.5)
    gate = trunk.join(pill(x, read.centre.y, "sigmoid", wide=92))
    drawn.wire(gate.right, read.left)
    side, rail = drawn.left + 8, first.top.y - 5
    shape = "" if written is None else arrow(written.number("inputs"), written.number("outputs"))
    forms = (("2 × sigmoid", shape), ("2 × sigmoid", ""))
    node = drawn.add(snug(x + 4, write.centre.y, forms, "norm", 152, about=use.about(written)))
    drawn.put(dot(x, rail))
    drawn.wire(Point(x, rail), Point(side, rail), Point(side, write.centre.y), node.left)
    drawn.wire(node.right, write.left)
