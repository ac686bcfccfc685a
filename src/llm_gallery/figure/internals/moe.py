"""A mixture of experts as a drawing: the router's choice, a square an expert, and what always runs."""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.analysis.parameters import stored as elements
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import SHARES, unstated_choice
from llm_gallery.figure.internals import _experts as experts
from llm_gallery.figure.internals import _router
from llm_gallery.figure.internals._board import FOOT, MARGIN, Board
from llm_gallery.figure.internals._fitting import SIZES, SMALL
from llm_gallery.figure.internals._lanes import NORM, Trunk
from llm_gallery.figure.internals._squares import Grid, grid
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.internals.lane_inset import draw_lanes
from llm_gallery.figure.kit.blocks import Node
from llm_gallery.figure.kit.shapes import Anchor, Inset, Point
from llm_gallery.figure.kit.signs import chip, operation
from llm_gallery.figure.kit.text import Content, Span, fit, width
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.activation import mlp_style
from llm_gallery.mechanisms.mlp import DRAWING as MLP
from llm_gallery.mechanisms.moe import chosen
from llm_gallery.mechanisms.router import router_of
from llm_gallery.mechanisms.wording import singular
from llm_gallery.mechanisms.written import times

WIDE, PANEL = 700, 240
"""Px from which one expert is drawn beside the others, and px that it takes."""
IN_A_LINE, LINE = 16.0, 15.0
"""Px that one expert in a line of words takes, and a second line."""
LOW = -45.0
"""Px of the lower edge of the experts over the foot, in the small drawing."""
SMALLEST = 400
"""Px up to which the drawing is small: router and choice one block, one expert a line of words."""


def inset(use: Use) -> Inset:
    """The routed experts, and one of them in detail where there is room."""
    expert = experts.expert(use.block)
    style, each = mlp_style(expert), short(elements(expert) // expert.copies)
    wide, small = use.width >= WIDE, use.width <= SMALLEST
    sheet = Board(use=use, colour=colour_of(use.block))
    high = _drawing(sheet, _plan(use, use.width - (PANEL if wide else MARGIN)))
    if wide:
        high = _panel(sheet, expert, f"{style}, {each}", high)
    elif use.alone and not small:
        below = Board(use=use.inside(expert, use.layers, use.width), colour=sheet.colour)
        tall = draw_lanes(below, MLP, MARGIN, use.width - MARGIN)
        high += sheet.set_over(below, tall, "One expert", f"{style}, {each}")
    else:
        high = _in_a_line(sheet, expert, high)
    seen = wide or use.alone  # how one expert is made
    notes = [f"{_router.scoring(use.block)} router"] if seen else [style, f"{each} each"]
    return sheet.inset("Mixture of experts", high, *notes[small or not seen :])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Where the columns stand: the router, the experts, and beside them the shared ones."""

    breadth: float
    experts: Grid
    lane: float
    idle: float | None
    shared: float | None
    aside: bool  # what is said of the shared experts stands at their right
    small: bool  # as low as it can be


def _plan(use: Use, edge: float) -> _Plan:
    block, wide, small = use.block, use.width >= WIDE, use.width <= SMALLEST
    breadth = _router.breadth(use)
    left = MARGIN + breadth + 12
    beside, column = 80.0 if wide else 0.0, experts.SHARED + 10
    always, none = bool(block.number("shared")), bool(block.value("identity_experts"))
    end = edge - (column + beside if always else 0)
    right = end - (column if none else 0)
    groups = experts.groups(block)
    each = block.number("experts") // groups
    tall = 46 if small else 70
    shown = grid(groups, each, right - left - 2 * experts.RIM, tall, 18)
    middle = 10 + experts.SHARED / 2
    return _Plan(
        breadth=breadth,
        experts=shown,
        lane=(left + right) / 2,
        idle=right + middle if none else None,
        shared=end + middle if always else None,
        aside=wide,
        small=small,
    )


def _drawing(sheet: Board, plan: _Plan) -> float:
    use, block = sheet.use, sheet.use.block
    inwards = bool(block.value("weights_input"))
    asks: Point | None
    if plan.small and _router.compact(use):
        asks, choice = _router.block(sheet, plan.breadth, _low(sheet))
    else:
        asks, choice = _router.column(sheet, plan.breadth)
    entry, tip, low = _into_experts(sheet, plan, choice if inwards else None)
    routed = experts.routed(sheet, plan.experts, plan.lane, low)
    if entry is None:
        entry = routed
    if tip is not None:
        sheet.wire(tip, routed.bottom)
    shared = None
    if plan.shared is not None:
        shared = experts.shared(sheet, plan.shared, routed)
    for node in (routed, shared) if use.full else ():
        for point in () if node is None else (node.top, node.bottom):
            sheet.carries(point, _width(block, node is routed))
    if plan.idle is not None:
        experts.idle(sheet, plan.idle, routed)
    ends = [entry.bottom, *([shared.bottom] if shared else [])]
    sheet.fork(plan.lane, ends if asks is None else [asks, *ends])
    _counts(sheet, plan, routed, shared)
    trunk = Trunk(sheet, routed.top)
    if (norm := block.part("expert_norm")) is not None:  # Muse Spark's, of each
        trunk.pill("RMSNorm", wide=NORM, about=use.about(norm))
    total = trunk.sign("+", beside=None if inwards else choice.top.y, radius=8)
    if not inwards:
        _weighed(sheet, choice.top, total.left)
    if "latent" in block.facts:
        if (norm := block.part("latent_norm")) is not None:  # Kimi K3's, of their sum
            trunk.pill("RMSNorm", wide=NORM, about=use.about(norm))
        total = trunk.join(
            _projected(sheet, plan, trunk.above(sheet.spacing.matrix), narrowing=False)
        )
        if shared is not None:
            total = trunk.sign("+", radius=8)
    if shared is not None:
        sheet.wire(shared.top, Point(shared.top.x, total.right.y), total.right)
    if (combined := block.value("combined")) is not None:
        how = "by shares" if combined == SHARES else str(combined)
        sheet.label(total.right.x + 4, total.top.y - 2, how, size=SMALL)
    return trunk.leave(10 if plan.small else 18)


def _width(block: Block, routed: bool) -> int:
    """How wide what experts read and give is: the routed ones, or those that always run."""
    always = experts.always(block)
    return (experts.expert(block) if routed or always is None else always).number("width")


def _low(sheet: Board) -> float:
    """The lower edge of the experts in the small drawing."""
    return LOW - 28.0 if sheet.use.full else LOW


def _weighed(sheet: Board, start: Point, end: Point) -> None:
    """The wire of the weights up and to the right, with how many they are, and the scalar that all are multiplied with."""
    block, corner = sheet.use.block, Point(start.x, end.y)
    for point in (start, end):
        if not unstated_choice(block):
            sheet.carries(point, block.number("used"))
    right, turns = end.x, () if start.y == end.y else (corner,)
    if written := times(block.value("scale")):
        wide = chip(0, end.y, written).box.width
        right = end.x - 16 - wide
        about = sheet.use.facts("what all weights are multiplied with", "scale")
        node = sheet.add(chip(end.x - 16 - wide / 2, end.y, written, about=about))
        sheet.wire(start, *turns, node.left, arrow=False)
        sheet.wire(node.right, end)
    else:
        sheet.wire(start, *turns, end)
    words = singular(f"{chosen(block)} weights")
    if found := fit((words,), right - start.x - 14, SIZES):
        sheet.label(start.x + 8, end.y - 6, words, size=found[1])


def _into_experts(
    sheet: Board, plan: _Plan, weighing: Node | None
) -> tuple[Node | None, Point | None, float]:
    """What the input passes first, and where it leaves the last before the experts; the height of their lower edge."""
    use = sheet.use
    if weighing is not None:
        product = operation(plan.lane, weighing.centre.y, "×", ground="moe.tint")
        _weighed(sheet, weighing.right, sheet.add(product).left)
        return product, product.top, product.top.y - 34 - 10 * use.full
    if "latent" in use.block.facts:
        node = sheet.add(_projected(sheet, plan, sheet.spacing.first, narrowing=True))
        lines = 1 if plan.aside or plan.small else len(experts.shared_words(use.block))
        trunk = Trunk(sheet, node.top)
        if (norm := use.block.part("latent_down_norm")) is not None:  # Muse Spark's
            trunk.pill("RMSNorm", wide=NORM, about=use.about(norm))
        return node, trunk.tip, trunk.tip.y - 34 - 10 * use.full - 13 * max(0, lines - 2)
    return None, None, _low(sheet) if plan.small else -76.0 - 24 * use.full


def _projected(sheet: Board, plan: _Plan, y: float, *, narrowing: bool) -> Node:
    """The projection of the stream to the experts' narrower latent, or back."""
    use, block = sheet.use, sheet.use.block
    latent, router = block.number("latent"), router_of(block)
    stream = latent if router is None else router.number("inputs")
    ends = (stream, latent) if narrowing else (latent, stream)
    about = use.about("latent_down" if narrowing else "latent_up")
    return sheet.slanted(plan.lane, y, *ends, wide=136, narrowing=narrowing, about=about)


def _counts(sheet: Board, plan: _Plan, routed: Node, shared: Node | None) -> None:
    """How many run, in words below the pictures; the input's line stays free."""
    use, block = sheet.use, sheet.use.block
    count = Span(chosen(block), 600, role=f"{sheet.colour}.text")
    run: Content = (count, " of ", Span(f"{block.number('experts'):,}", 600), " run")
    y = routed.bottom.y + (16 if plan.small else 18)
    x = min(routed.box.x, plan.lane - 8 - width(run, 12))
    # The small drawing's router ends as high as the experts, and words have room under it.
    low = plan.small and _router.compact(use) and routed.bottom.y == _low(sheet)
    if not use.pictured and x >= MARGIN + plan.breadth * (0.5 if low else 1) + 4:
        sheet.label(x, y, run, size=12, role="ink")
    if shared is not None:
        _shared_counts(sheet, plan, shared, y)
    router = router_of(block)
    if router is not None and router.value("bias"):
        also = ", experts" if experts.expert(block).value("bias") else ""
        words = f"with bias: router{also}"
        right = plan.lane + 12 + width(words, SMALL) <= use.width
        x = plan.lane + (8 if right else -8)
        sheet.label(x, FOOT - 1, words, size=SMALL, anchor="start" if right else "end")


def _shared_counts(sheet: Board, plan: _Plan, shared: Node, y: float) -> None:
    lines = experts.shared_words(sheet.use.block)[: 1 if plan.small else None]
    x, step = shared.centre.x - 9, 13
    if plan.aside:
        x, step = shared.right.x + 8, 15
        y = shared.centre.y + 4 - 8 * (len(lines) - 1)
    room = 78.0 if plan.aside else x - plan.lane - 8
    for i, line in enumerate(lines):
        role = "muted" if i else "ink"
        if (found := fit((line,), room, SIZES)) is None:
            continue
        anchor: Anchor = "start" if plan.aside else "end"
        sheet.label(x, y + step * i, line, size=found[1], role=role, anchor=anchor)


def _in_a_line(sheet: Board, expert: Block, high: float) -> float:
    """One expert in words under a drawing; gives back the height of both."""
    below = Board(use=sheet.use, colour=sheet.colour)
    bold = Span("One expert", 600, role=f"{sheet.colour}.text")
    room = sheet.use.width - 2 * MARGIN
    phrases = experts.phrases(expert)
    phrases += [f"shared {line}" for line in experts.shared_words(sheet.use.block)[1:]]

    def first(some: int) -> Content:
        return bold, Span(", ".join(phrases[:some]) + "," * (some < len(phrases)), gap=6)

    some = len(phrases)
    if not fit((first(some),), room, SIZES):  # two lines in one type
        some = max(n for n in range(1, some) if n == 1 or width(first(n), SMALL) <= room)
    lines: list[Content] = [first(some), ", ".join(phrases[some:])][: 1 + (some < len(phrases))]
    tall = IN_A_LINE + LINE * (len(lines) - 1)
    below.place(sheet, 0, -tall)
    for index, line in enumerate(lines):
        if found := fit((line,), room, SIZES):
            y = LINE * (index + 1 - len(lines)) - 3
            below.label(MARGIN, y, found[0], size=found[1], role="ink")
    sheet.shapes = below.shapes
    return high + tall


def _panel(sheet: Board, expert: Block, note: str, high: float) -> float:
    """One expert in detail at the right; gives back the height that both need."""
    use, left = sheet.use, sheet.use.width - PANEL + 20
    inside = Board(use=use.inside(expert, use.layers, PANEL), colour=sheet.colour)
    tall = draw_lanes(inside, MLP, left, use.width - 10)
    high = sheet.raised(high, tall + 30)
    sheet.place(inside, 0, (tall + 30 - high) / 2)
    top = sheet.panel(left + 6, high, "One expert", 15)
    sheet.fitted(left + 78, top, note, use.width - left - 82, SIZES)
    return high
