"""The figure for a page, 1,200 px wide: strip, one layer beside what leads, the other mechanisms in two columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture, Point
from llm_gallery.figure.page import (
    depth_band,
    description,
    footer,
    hero,
    insets,
    model_head,
    weights,
)
from llm_gallery.figure.page.hero import Hero, leading
from llm_gallery.figure.page.insets import SizedInset, sized_inset
from llm_gallery.figure.page.layer_frame import picture as frame
from llm_gallery.figure.plan.one_layer import layers_as_one
from llm_gallery.figure.plan.plan import Plan, Use

WIDTH, MARGIN = 1200.0, 40.0
ROOM = WIDTH - 2 * MARGIN
GUTTER = 20.0
NARROW = 372.0
BROAD = ROOM - NARROW - GUTTER
HIGHEST = 1290.0
"""Px down to the footer, above which insets stand three in a row."""


@dataclass(slots=True)
class Stack:
    """A column that is being filled from the top down."""

    left: float
    width: float
    bottom: float
    insets: list[SizedInset] = field(default_factory=list)


def wide(architecture: Architecture, heading: Heading, plan: Plan, full: bool) -> Picture:
    """The whole figure; `full` adds shapes and parameters of each block, and every weight as a row."""
    root = architecture.root
    sheet = Sheet()
    counts, kept = parameters(root), cache(root)
    sentence = heading.summary or description.sentence(architecture, plan)
    above = model_head.head(heading, root, counts, kept, sentence, ROOM)
    inside: list[tuple[Point, Picture]] = [(Point(MARGIN, MARGIN - 6), above)]
    y = MARGIN - 6 + above.height
    _, y = depth_band.band(
        sheet, architecture, plan, MARGIN, WIDTH - MARGIN, y + 30, token=52, channel=15
    )
    top = y + 26
    left, right = Stack(MARGIN, NARROW, top), Stack(MARGIN + NARROW + GUTTER, BROAD, top - 6)
    model_width = root.number("width") if "width" in root.facts else None
    leads = next(iter(leading(plan, heading.inherited)), None)
    shown = None if leads is None else hero.picture(leads, plan, BROAD, full=full)
    frames = layers_as_one(plan)
    least = 0.0 if shown is None or len(frames) > 1 else shown.height - 14
    for one in frames:
        drawn = frame(one, plan.stream, NARROW, model_width, plan.depth, least)
        inside.append((Point(left.left, left.bottom), drawn))
        left.bottom += drawn.height + 28
    if shown is not None:
        inside.append((Point(right.left, right.bottom), shown))
        right.bottom += shown.height + GUTTER
    others = _others(plan, leads)
    bottom, placed = _two_columns(others, plan, left, right, full)
    if bottom > HIGHEST:
        three, columns = _three_columns(others, plan, max(left.bottom, right.bottom), full)
        if three < bottom:
            bottom, placed = three, columns
    inside += placed
    if full:
        listed = weights.table(root, ROOM)
        inside.append((Point(MARGIN, bottom + 8), listed))
        bottom += 8 + listed.height
    below = footer.footer(architecture, counts, kept, description.notes(architecture), ROOM)
    inside.append((Point(MARGIN, bottom + 8), below))
    high = round(bottom + 8 + below.height + 30)
    return Picture(width=WIDTH, height=high, shapes=tuple(sheet.shapes), inside=tuple(inside))


def _two_columns(
    uses: list[Use], plan: Plan, left: Stack, right: Stack, full: bool
) -> tuple[float, list[tuple[Point, Picture]]]:
    """Insets under the frame and under what leads; gives back where they end."""
    columns = [replace(stack, insets=[]) for stack in (left, right)]
    for use in uses:
        _into(use, plan, full, *columns)
    bottom = max(stack.bottom for stack in columns)
    return bottom, [placed for stack in columns for placed in _placed(stack, bottom)]


def _three_columns(
    uses: list[Use], plan: Plan, top: float, full: bool
) -> tuple[float, list[tuple[Point, Picture]]]:
    """Insets in three columns of one width, the highest first; gives back where they end."""
    each = (ROOM - 2 * GUTTER) / 3
    made = [sized_inset(use, plan, each, full, together=True) for use in uses]
    columns = [Stack(MARGIN + i * (each + GUTTER), each, top + GUTTER) for i in range(3)]
    for inset in sorted(made, key=lambda one: -one.height):
        column = min(columns, key=lambda stack: stack.bottom)
        column.insets.append(inset)
        column.bottom += inset.height + GUTTER
    columns = [stack for stack in columns if stack.insets]
    bottom = max(stack.bottom for stack in columns)
    return bottom, [placed for stack in columns for placed in _placed(stack, bottom)]


def _others(plan: Plan, leads: Hero | None) -> list[Use]:
    """What else has an inset: the wiring of what leads where that shows none, other mixers, streams, MLPs."""
    own = () if leads is None else leads.uses
    inner = [leads.wiring] if leads is not None and hero.apart(leads, BROAD) else []
    uses = [use for use in plan.uses if use not in own]
    wiring = [] if plan.wiring is None else [plan.wiring]
    tokens, channels = [u for u in uses if u.token], [u for u in uses if not u.token]
    return [*inner, *tokens, *wiring, *channels]


def _into(use: Use, plan: Plan, full: bool, left: Stack, right: Stack) -> None:
    """Puts an inset into the column that ends higher, where it has room there."""
    block = use.variants[0].block
    residual = block.value("residual")
    slim = block.is_mlp or block.is_mixture or residual in ("hyper-connections", "gated streams")
    narrow = sized_inset(use, plan, left.width, full, together=True) if slim else None
    beside = left.bottom <= right.bottom + 40
    if narrow is not None and beside and left.bottom + narrow.height <= right.bottom + 200:
        left.insets.append(narrow)
        left.bottom += narrow.height + GUTTER
        return
    made = sized_inset(use, plan, right.width, full, together=True)
    right.insets.append(made)
    right.bottom += made.height + GUTTER


def _placed(stack: Stack, bottom: float) -> list[tuple[Point, Picture]]:
    """The insets of a column, stretched to the end of the longer one."""
    spare = bottom - stack.bottom
    if not stack.insets:
        return []
    each = min(60.0, spare / len(stack.insets))
    y = stack.bottom - sum(inset.height + GUTTER for inset in stack.insets)
    placed = []
    for inset in stack.insets:
        placed.append((Point(stack.left, y), insets.picture(inset, inset.height + each)))
        y += inset.height + each + GUTTER
    return placed
