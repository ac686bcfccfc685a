"""Hyper-connections as a drawing: several residual streams, read, written and mixed by weights that they give themselves.

Paper: https://arxiv.org/abs/2512.24880
"""

from __future__ import annotations

from llm_gallery.figure.internals._lanes import arrow, snug
from llm_gallery.figure.internals._streams import WRITE, Bed, bed, branch, panel
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import dot
from llm_gallery.figure.kit.text import Span, italic, subscript

HIGH = 306.0
MIX, READ = WRITE + 54, WRITE + 108


def inset(use: Use) -> Inset:
    """The streams with one branch, and where the weights come from."""
    count = use.block.number("streams")
    drawn = bed(use, HIGH)
    write, read = drawn.bar(WRITE, "+"), drawn.bar(READ, "")
    signs = {"read": read, "write": write}
    if drawn.stream.mixes:
        signs["mix"] = drawn.crossing(MIX)
    tap = drawn.bar(HIGH - 42, "")
    _weights(drawn, tap, signs)
    branch(drawn, read, write, "weighted sum", "times weights")
    _told(drawn)
    mixed = "mixed, " if drawn.stream.mixes else ""
    return Inset(
        title="Hyper-connections",
        note=use.note(f"{mixed}{count:,} streams"),
        mechanism="norm",
        body=drawn.body(),
    )


def _weights(drawn: Bed, tap: Node, signs: dict[str, Node]) -> None:
    """All streams in one row give the weights, anew for each token: normed, then one matrix."""
    sheet, use = drawn.sheet, drawn.use
    maps = [part for part in use.block.inside if part.kind == "linear"]
    norm = use.block.child("rms_norm")
    x = drawn.weights
    first = sheet.add(
        pill(x, HIGH - 66, "RMSNorm", wide=92, about=use.about(norm) if norm else None)
    )
    outputs = " + ".join(f"{part.number('outputs'):,}" for part in maps)
    inputs = maps[0].number("inputs") if maps else 0
    table = sheet.add(
        matrix(
            x,
            HIGH - 104,
            "",
            arrow(inputs, outputs),
            "norm",
            about=use.about(maps[0]) if maps else None,
        )
    )
    sheet.wire(tap.left, Point(x, tap.centre.y), first.bottom)
    sheet.wire(first.top, table.bottom)
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
            sheet.put(dot(trunk, y))
        sheet.wire(*before, Point(trunk, y), node.left)
        sheet.wire(node.right, signs[name].left)


def _weight(drawn: Bed, name: str, y: float) -> Node:
    """What makes the weights of one use of them."""
    count = drawn.stream.count
    facts = drawn.use.block.facts
    rounds = facts["rounds"].value if "rounds" in facts else None
    again = f", {rounds:,} rounds" if isinstance(rounds, int) else ""
    said = {
        "read": (("sigmoid", f"{count:,} to read"),),
        "write": (("2 × sigmoid", f"{count:,} to write"), ("2 × sigmoid", "")),
        "mix": (
            ("Sinkhorn", f"{count:,} × {count:,}{again}"),
            ("Sinkhorn", f"{count:,} × {count:,}"),
            ("Sinkhorn", ""),
        ),
    }[name]
    about = drawn.use.facts(name, "mixing", "rounds") if name == "mix" else None
    return drawn.sheet.add(snug(drawn.weights + 4, y, said, "norm", 152, about=about))


def _told(drawn: Bed) -> None:
    sum_of: tuple[Span | str, ...] = (
        "Σ",
        subscript("j"),
        " ",
        italic("r"),
        subscript("j"),
        " ",
        italic("x"),
        subscript("j"),
    )
    first: tuple[Span | str, ...]
    if drawn.stream.mixes:
        first = (
            italic("x"),
            subscript("i"),
            " ← Σ",
            subscript("j"),
            " ",
            italic("M"),
            subscript("ij"),
            " ",
            italic("x"),
            subscript("j"),
        )
        said = "The weights are made anew for each token. Rows and columns of M each sum to 1, so that mixing neither adds nor loses."
    else:
        first = (italic("x"), subscript("i"), " ← ", italic("x"), subscript("i"))
        said = "The weights are made anew for each token. The streams don't mix with one another."
    second = ("+ ", italic("w"), subscript("i"), " branch( ", *sum_of, " )")
    panel(drawn, drawn.use, [first, second], said)
