"""Experts as pictures: a square each, lit where it runs, and beside them those that always run."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._lanes import SMALL
from llm_gallery.figure.internals._squares import Grid, grid, lit, spread, squares
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet
from llm_gallery.figure.kit.shapes import Box
from llm_gallery.figure.kit.text import Content, Span

RIM = 9.0
"""Px between the experts' squares and the edge of their block."""
SHARED, UNCOUNTED = 28.0, 80.0
"""Px that the shared experts' block takes, and the routed ones' where they are too many to draw."""


def expert(block: Block) -> Block:
    """The routed expert: what is stored in many copies."""
    return max((child for child in block.inside if child.kind == "mlp"), key=lambda b: b.copies)


def always(block: Block) -> Block | None:
    """The shared expert, if there is one."""
    routed = expert(block)
    found = (child for child in block.inside if child.kind == "mlp" and child is not routed)
    return next(found, None)


def routed(sheet: Sheet, use: Use, held: Grid, lane: float, low: float) -> Node:
    """A square an expert; those that run are lit, those of groups out of the choice are grey."""
    block = use.block
    wide, high = held.size if held.countable else (UNCOUNTED, UNCOUNTED / 2)
    box = Box(
        x=lane - wide / 2 - RIM,
        y=low - high - 2 * RIM,
        width=wide + 2 * RIM,
        height=high + 2 * RIM,
        fill="matrix",
        edge="moe.edge",
        about=use.about(expert(block), "one of the routed experts"),
    )
    node = sheet.add(Node(box, (box,)))
    x, y = node.centre
    if not held.countable:
        many = f"{block.number('experts'):,}"
        sheet.label(x, y + 4, many, role="moe.text", anchor="middle")
        return node
    used = block.number("groups_used") if "groups_used" in block.facts else held.groups
    chosen = spread(used, held.groups)
    others = [group for group in range(held.groups) if group not in chosen]
    sheet.put(squares(held, x, y, "moe.edge", chosen))
    if others:
        sheet.put(squares(held, x, y, "hairline", others))
    numbers = [
        chosen[i % len(chosen)] * held.each + inside
        for i, inside in enumerate(_inside(block.number("used"), len(chosen), held.each))
    ]
    sheet.put(lit(held, x, y, "moe.line", numbers))
    return node


def _inside(used: int, groups: int, each: int) -> list[int]:
    """For each lit expert its place in its group; no two of a group share one."""
    rounds = -(-used // groups)
    places = [spread(rounds, each, 0.13 + 0.37 * group) for group in range(groups)]
    return [places[i % groups][i // groups] for i in range(used)]


def shared(sheet: Sheet, use: Use, lane: float, beside: Node) -> Node:
    """The experts that every token runs, as high as those beside them."""
    count = use.block.number("shared")
    box = Box(
        x=lane - SHARED / 2,
        y=beside.box.y,
        width=SHARED,
        height=beside.box.height,
        fill="matrix",
        edge="moe.edge",
        about=use.about(always(use.block), "shared expert"),
    )
    node = sheet.add(Node(box, (box,)))
    held = grid(1, count, SHARED - 10, box.height - 12, 14)
    if held.countable:
        sheet.put(squares(held, *node.centre, "moe.solid"))
    return node


def idle(sheet: Sheet, use: Use, lane: float, beside: Node) -> Node:
    """Choices of the router that run no expert, as high as those that do."""
    count = use.block.number("identity_experts")
    box = Box(
        x=lane - SHARED / 2,
        y=beside.box.y,
        width=SHARED,
        height=beside.box.height,
        fill="matrix",
        edge="moe.edge",
        dashed=True,
        about=use.facts("choices that run no expert", "identity_experts"),
    )
    node = sheet.add(Node(box, (box,)))
    held = grid(1, count, SHARED - 10, box.height - 12, 14)
    if held.countable:
        sheet.put(squares(held, *node.centre, "hairline"))
    words: Content = (Span(f"{count:,}", 600), " idle")
    sheet.label(lane, box.y - 6, words, size=SMALL, anchor="middle")
    return node


def shared_words(block: Block) -> list[Content]:
    """How many always run, how wide they are where that differs, and what gates them."""
    count, stored = block.number("shared"), always(block)
    lines: list[Content] = [(Span(f"{count:,}", 600), " shared")] if count else []
    if stored is not None and stored.number("inner") * stored.copies != count * block.number(
        "inner"
    ):
        lines.append(f"{stored.number('inner'):,} inner")
    if block.value("shared_gate"):
        lines.append("× σ(gate)")
    router = block.child("router")
    if router is not None and count and router.number("outputs") == block.number("experts") + count:
        lines.append("weighed too")
    return lines
