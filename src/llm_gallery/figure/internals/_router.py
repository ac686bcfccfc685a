"""What chooses the experts as a column: the router's matrices, a table where there is one, and the choice in words."""

from __future__ import annotations

from llm_gallery.architecture.block import Block, join, walk
from llm_gallery.figure.internals._lanes import (
    FIRST,
    FOOT,
    GAP,
    MARGIN,
    SMALL,
    arrow,
    fitting,
    snug,
)
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet, label, matrix, matrix_width, pill
from llm_gallery.figure.kit.shapes import Box, Point
from llm_gallery.figure.kit.text import cut, width
from llm_gallery.figure.tooltip import tooltip as of

TABLE = 66.0
"""Px of the table that picks experts by the token's id."""


def hashed(block: Block) -> bool:
    """Whether the token's id picks the experts."""
    return block.value("hashed") is True


def breadth(use: Use) -> float:
    """Px that the column takes."""
    asked = max(
        116.0,
        matrix_width("router", shape(use)) - 6,
        *(width(line, SMALL) + 16 for line in choice(use)),
        *((TABLE + 98,) if use.count(hashed) else ()),
    )
    return min(asked, 0.4 * use.width)


def shape(use: Use) -> str:
    """The change of width from the stream to the scores, or to what the router's MLP reads."""
    block, router = use.block, use.block.child("router")
    if router is None:
        return ""
    inputs = router.number("inputs")
    if "router_inner" in block.facts:
        return arrow(inputs, block.number("router_inner"))
    return arrow(inputs, router.number("outputs"))


def choice(use: Use) -> tuple[str, ...]:
    """What the router does with its scores, a line a step."""
    block, lines = use.block, []
    if "softcap" in block.facts:
        lines.append(f"of logits within ± {block.value('softcap'):g}")
    for holds, said in (
        (lambda b: b.value("correction"), "chosen by score + bias"),
        (hashed, "chosen by the token's id"),
    ):
        if use.count(holds):
            scope = use.scope(holds)
            lines.append(f"{said.removeprefix('chosen ')}: {scope}" if scope else said)
    groups = block.value("groups")
    kept = f"top {block.number('used')}"
    if isinstance(groups, int) and groups > 1:
        kept = f"{block.number('groups_used')} of {groups} groups, {kept}"
    if block.value("normalized") and len(kept) < 10:
        lines.append(f"{kept}, sum to 1")
    elif block.value("normalized"):
        lines += [kept, "weights sum to 1"]
    else:
        lines.append(kept)
    if block.value("expert_scale"):
        lines.append("× a scale an expert")
    if block.value("learned_scale"):
        lines.append("× a learned number")
    return tuple(lines)


def column(sheet: Sheet, use: Use, broad: float) -> tuple[Point | None, Node]:
    """From the input to the choice: where the layer's input arrives, if it does, and the last block."""
    block = use.block
    x, wide = MARGIN + broad / 2, broad
    by_id = use.count(hashed)
    if by_id:
        wide = broad - TABLE - 8
        x = MARGIN + broad - wide / 2
    last, entry = _scores(sheet, use, x, wide)
    made = _choice(sheet, use, broad, last.top.y - GAP)
    sheet.wire(last.top, Point(x, made.bottom.y))
    if by_id:
        _table(sheet, use, made)
    if block.value("router_norm"):
        sheet.wire(Point(x, FOOT), entry)
        sheet.label(x + 8, FOOT - 3, "the stream", size=SMALL)
        return None, made
    return entry, made


def _scores(sheet: Sheet, use: Use, x: float, wide: float) -> tuple[Node, Point]:
    """One matrix in most models; some norm its input, or have a small MLP that remembers the last layer's."""
    block, stored = use.block, use.block.child("router")
    y = FIRST
    nodes: list[Node] = []
    if block.value("router_norm"):
        about = use.facts("the router's own norm of the stream", "router_norm")
        nodes.append(pill(x, y + 2, "RMSNorm", wide=min(wide, 84.0), about=about))
        y = nodes[-1].top.y - GAP - 13
    said = fitting(["router"], [[shape(use)]], wide)[0]
    nodes.append(matrix(x, y, "router", said, "moe", wide=wide, about=use.about(stored, "router")))
    if "router_inner" in block.facts and stored is not None:
        nodes += _small_mlp(use, stored, x, wide, nodes[-1].top.y)
    for below, node in zip([None, *nodes], nodes, strict=False):
        sheet.add(node)
        if below is not None:
            sheet.wire(below.top, node.bottom)
    return nodes[-1], nodes[0].bottom


def _small_mlp(use: Use, stored: Block, x: float, wide: float, top: float) -> list[Node]:
    """ZAYA's: the last layer's state is added, then norm, two layers with GELU, and the scores."""
    path = join(use.path, stored.name)
    about = use.facts("the last layer's router state, scaled by channel, is added", "router_inner")
    said = (("+ the last layer's, scaled", ""), ("+ last layer's", ""))
    nodes = [snug(x, top - GAP - 11, said, "moe", wide, about=about)]
    held = [(p, b) for p, b in walk(stored, path) if b.kind in ("linear", "rms_norm")][1:]
    norm = next(((p, b) for p, b in held if b.kind == "rms_norm"), None)
    if norm is not None:
        y = nodes[-1].top.y - GAP - 11
        nodes.append(pill(x, y, "RMSNorm", wide=min(wide, 84.0), about=of(*norm)))
    sizes = [b.number("outputs") for _, b in held if b.kind == "linear"]
    mlp = stored.child("group")
    widths = " → ".join(f"{n:,}" for n in (block_inner(use), *sizes))
    form = fitting(["MLP"], [[widths], [arrow("", sizes[-1] if sizes else 0)]], wide)[0]
    about_mlp = None if mlp is None else of(path, mlp, "the router's MLP, GELU between")
    nodes.append(
        matrix(x, nodes[-1].top.y - GAP - 13, "MLP", form, "moe", wide=wide, about=about_mlp)
    )
    return nodes


def block_inner(use: Use) -> int:
    """The inner width of the router's MLP."""
    return use.block.number("router_inner")


def _table(sheet: Sheet, use: Use, made: Node) -> None:
    """Experts by token, in a table that is fixed: no line from the layer's input leads to it."""
    held = next(block for block, _ in use.variants if hashed(block))
    x = MARGIN + TABLE / 2
    said = fitting(["table"], [[f"× {held.number('used')}"]], TABLE)[0]
    about = use.facts("table of experts by token id", "hashed", "used", of=held)
    node = sheet.add(matrix(x, FIRST, "table", said, "moe", wide=TABLE, about=about))
    sheet.wire(Point(x, FOOT), node.bottom)
    sheet.label(x + 6, FOOT - 3, "token id", size=SMALL)
    sheet.wire(node.top, Point(x, made.bottom.y))


def _choice(sheet: Sheet, use: Use, broad: float, bottom: float) -> Node:
    """The scoring function, and how many it lets through."""
    block, lines = use.block, choice(use)
    high = 22 + 14 * len(lines)
    keys = (
        "scoring",
        "softcap",
        "used",
        "groups",
        "groups_used",
        "normalized",
        "scale",
        "correction",
    )
    box = Box(
        x=MARGIN,
        y=bottom - high,
        width=broad,
        height=high,
        radius=8,
        fill="moe.tint",
        edge="moe.edge",
        labelled=True,
        about=use.facts("choice", *keys),
    )
    texts = [
        label(
            MARGIN + broad / 2,
            box.y + 15.5 + 14 * i,
            cut(line, broad - 8, 12 if i == 0 else SMALL),
            size=12 if i == 0 else SMALL,
            weight=500 if i == 0 else 400,
            role="moe.text",
            anchor="middle",
            inside=box.bounds,
        )
        for i, line in enumerate((scoring(block), *lines))
    ]
    return sheet.add(Node(box, (box, *texts)))


def scoring(block: Block) -> str:
    """The router's function as papers write it."""
    return _SCORINGS.get(str(block.value("scoring")), str(block.value("scoring")))


_SCORINGS = {"sqrtsoftplus": "√ softplus"}
