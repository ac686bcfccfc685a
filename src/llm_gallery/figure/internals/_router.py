"""What chooses the experts as a column: the router's matrices, a table where there is one, and the choice in words."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.analysis.parameters import stored as elements
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block, join, walk
from llm_gallery.figure.internals._board import FOOT, MARGIN, Board
from llm_gallery.figure.internals._fitting import SIZES, SMALL, arrow, fit_shape, snug
from llm_gallery.figure.internals._lanes import NORM, Trunk
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import (
    SHAPE_SIZES,
    Node,
    Words,
    block_width,
    centred,
    matrix,
    pill,
    with_shape,
)
from llm_gallery.figure.kit.shapes import About, Box, Point
from llm_gallery.figure.kit.text import cut, fitting, width
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.mechanisms.moe import chosen
from llm_gallery.mechanisms.router import CALLED, router_of
from llm_gallery.mechanisms.written import times

LEADING = 14.5
"""Px from line to line in the block of the choice."""
TABLE = 66.0
"""Px of the table that picks experts by the token's id."""


def hashed(block: Block) -> bool:
    """Whether the token's id picks the experts."""
    return block.value("hashed") is True


def attends(block: Block) -> bool:
    """Whether the experts attend to one another before they are scored."""
    return block.value("router_attention") is True


def _corrected(block: Block) -> bool:
    """Whether a bias that balances the experts takes part in the choice."""
    return bool(block.value("correction"))


def breadth(use: Use) -> float:
    """Px that the column takes."""
    asked = max(
        116.0,
        block_width(CALLED, shape(use)) - 6,
        *(width(line, SMALL) + 16 for line in choice(use)),
        *((TABLE + 98,) if use.count(hashed) else ()),
    )
    return min(asked, 0.4 * use.width)


def shape(use: Use) -> str:
    """The change of width from the stream to the scores, or to what the router's MLP reads."""
    block, router = use.block, router_of(use.block)
    if router is None:
        return ""
    inputs = router.number("inputs")
    if "router_inner" in block.facts:
        return arrow(inputs, block.number("router_inner"))
    if attends(block):
        return arrow(inputs, f"3 × {router.number('outputs'):,}")
    return arrow(inputs, router.number("outputs"))


def choice(use: Use) -> tuple[str, ...]:
    """What the router does with its scores, a line a step."""
    block, lines = use.block, []
    if keys := block.value("product_keys"):
        lines.append(f"sums of 2 × {keys:,}")
    if scale := times(block.value("score_scale")):
        lines.append(f"of logits {scale}")
    if "softcap" in block.facts:
        lines.append(f"of logits within ± {block.value('softcap'):g}")
    by = "by logit + bias" if block.value("chosen_by") == "logits" else "by score + bias"
    for holds, words in ((_corrected, by), (hashed, "by the token's id")):
        if use.count(holds):
            scope = use.scope(holds)
            lines.append(f"{words}: {scope}" if scope else f"chosen {words}")
    groups = block.value("groups")
    top = f"top {chosen(block)}"
    if isinstance(groups, int) and groups > 1:
        top = f"{block.number('groups_used')} of {groups} groups, {top}"
    if block.value("normalized") and len(top) < 10:
        lines.append(f"{top}, sum to 1")
    elif block.value("normalized"):
        lines += [top, "weights sum to 1"]
    else:
        lines.append(top)
    if block.value("expert_scale"):
        lines.append("× a scale an expert")
    if block.value("learned_scale"):
        lines.append("× a learned number")
    return tuple(lines)


def compact(use: Use) -> bool:
    """Whether one matrix scores: then router and choice may be one block."""
    block = use.block
    return not (attends(block) or "router_inner" in block.facts or block.value("router_norm"))


def block(sheet: Board, broad: float, low: float) -> tuple[Point, Node]:
    """Router and choice as one block, its lower edge at `low`, where the input arrives."""
    use = sheet.use
    stored = router_of(use.block)
    change = fit_shape(CALLED, [shape(use)], broad)
    titles = [with_shape(CALLED, change, small) for small in SHAPE_SIZES]
    title = next((t for t in titles if width(t, 12, 500) <= broad - 9), titles[-1])
    how, (first_line, *others) = scoring(use.block), choice(use)
    joined = f"{how}, {first_line.removeprefix('chosen ')}"
    lines = [joined] if width(joined, SMALL) <= broad - 8 else [how, first_line]
    lines += others
    high = 20 + LEADING * len(lines)
    box = _box(sheet, low, broad, high, "matrix", use.about(stored, CALLED))
    first = Words(15 - high / 2, title, 12, 500)
    below = (
        _line(15 + LEADING * (i + 1) - high / 2, line, broad - 8) for i, line in enumerate(lines)
    )
    put = *centred(box, "ink", first), *centred(box, f"{sheet.colour}.text", *below)
    node = sheet.add(Node(box, (box, *put)))
    return node.bottom, node


def column(sheet: Board, broad: float) -> tuple[Point | None, Node]:
    """From the input to the choice: where the layer's input arrives, if it does, and the last block."""
    use, block = sheet.use, sheet.use.block
    x, wide = MARGIN + broad / 2, broad
    by_id = use.count(hashed)
    if by_id:
        wide = broad - TABLE - 8
        x = MARGIN + broad - wide / 2
    entry, trunk = _scores(sheet, x, wide)
    choice = _choice(sheet, broad, trunk.tip.y - sheet.spacing.gap)
    sheet.wire(trunk.tip, Point(x, choice.bottom.y))
    if by_id:
        _table(sheet, choice)
    if block.value("router_norm"):
        sheet.side_input(x, "the stream", entry.y)
        return None, choice
    return entry, choice


def _scores(sheet: Board, x: float, wide: float) -> tuple[Point, Trunk]:
    """One matrix in most models; some norm its input, or have a small MLP that remembers the last layer's."""
    use, block, stored = sheet.use, sheet.use.block, router_of(sheet.use.block)
    words = fit_shape(CALLED, [shape(use)], wide)
    first_matrix = None if stored is None else stored.part("down")
    about = use.about(first_matrix or stored, CALLED)
    if block.value("router_norm"):
        own = use.facts("the router's own norm of the stream", "router_norm")
        first = pill(x, sheet.spacing.first + 2, "RMSNorm", wide=min(wide, NORM), about=own)
        trunk = Trunk(sheet, sheet.add(first).top)
        trunk.matrix(CALLED, words, wide=wide, about=about)
    else:
        first = sheet.matrix(x, sheet.spacing.first, CALLED, words, wide=wide, about=about)
        trunk = Trunk(sheet, sheet.add(first).top)
    if "router_inner" in block.facts and stored is not None:
        _small_mlp(stored, trunk, wide)
    if attends(block):
        among = use.facts("each expert reads all experts' values", "router_attention")
        forms = (("attention among experts", ""), ("experts attend", ""))
        trunk.join(snug(x, trunk.above(), forms, sheet.colour, wide, about=among))
    return first.bottom, trunk


def _small_mlp(stored: Block, trunk: Trunk, wide: float) -> None:
    """ZAYA's: the last layer's state is added, then norm, two layers with GELU, and the scores."""
    use = trunk.sheet.use
    path, x = join(use.path, stored.name), trunk.tip.x
    about = use.facts("the last layer's router state, scaled by channel, is added", "router_inner")
    forms = (("+ the last layer's, scaled", ""), ("+ last layer's", ""))
    trunk.join(snug(x, trunk.above(), forms, trunk.sheet.colour, wide, about=about))
    inside = [(below, part) for below, part in walk(stored, path) if part is not stored]
    norm = next((each for each in inside if each[1].is_norm), None)
    if norm is not None:
        trunk.pill("RMSNorm", wide=min(wide, NORM), about=tooltip(*norm))
    sizes = [part.number("outputs") for _, part in inside if "outputs" in part.facts][1:]
    mlp = replace(stored, tensors=(), inside=stored.inside[1:])
    widths = " → ".join(f"{n:,}" for n in (use.block.number("router_inner"), *sizes))
    form = fit_shape("MLP", [widths, arrow("", sizes[-1] if sizes else 0)], wide)
    whole = tooltip(path, mlp, "the router's MLP, GELU between")
    count = sum(elements(part) for part in mlp.inside if not part.is_norm)
    trunk.matrix("MLP", form, wide=wide, about=whole, count=short(count))


def _table(sheet: Board, choice: Node) -> None:
    """Experts by token, in a table that is fixed: no line from the layer's input leads to it."""
    use = sheet.use
    block = next(block for block, _ in use.variants if hashed(block))
    x, words = MARGIN + TABLE / 2, fit_shape("table", [f"× {chosen(block)}"], TABLE)
    about = use.facts("table of experts by token id", "hashed", "used", of=block)
    y = sheet.spacing.first
    node = sheet.add(matrix(x, y, "table", words, sheet.colour, wide=TABLE, about=about))
    sheet.wire(Point(x, FOOT), node.bottom)
    sheet.label(x + 6, FOOT - 3, "token id", size=SMALL)
    sheet.wire(node.top, Point(x, choice.bottom.y))


def _choice(sheet: Board, broad: float, bottom: float) -> Node:
    """The scoring function, and how many it lets through."""
    use, block, lines = sheet.use, sheet.use.block, choice(sheet.use)
    high = 22 + 14 * len(lines)
    keys = (
        "scoring",
        "product_keys",
        "score_scale",
        "chosen_by",
        "softcap",
        "used",
        "groups",
        "groups_used",
    )
    about = use.facts("choice", *keys, "normalized", "scale", "correction")
    box = _box(sheet, bottom, broad, high, f"{sheet.colour}.tint", about)
    first = Words(15.5 - high / 2, cut(scoring(block), broad - 8, 12), 12, 500)
    others = (_line(29.5 + 14 * i - high / 2, line, broad - 8) for i, line in enumerate(lines))
    return sheet.add(Node(box, (box, *centred(box, f"{sheet.colour}.text", first, *others))))


def _box(sheet: Board, low: float, wide: float, high: float, fill: str, about: About | None) -> Box:
    """The ground of words, its lower edge at `low`."""
    box = Box(
        MARGIN,
        low - high,
        wide,
        high,
        radius=8,
        fill=fill,
        edge=f"{sheet.colour}.edge",
        labelled=True,
    )
    return replace(box, about=about)


def _line(under: float, line: str, room: float) -> Words:
    """A step of the choice, in type as small as it must be."""
    size = fitting(line, room, SIZES)
    return Words(under, cut(line, room, size), size)


def scoring(block: Block) -> str:
    """The router's function as papers write it."""
    return _SCORINGS.get(str(block.value("scoring")), str(block.value("scoring")))


_SCORINGS = {"sqrtsoftplus": "√ softplus"}
