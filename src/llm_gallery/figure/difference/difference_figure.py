"""The difference figure: head, stacks on the left, branches with their facts and pictures, traits, foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.comparison.compare import Comparison
from llm_gallery.figure.difference import branch, difference_head, fact_rows, foot, inset, towers
from llm_gallery.figure.difference.branch import Drawn
from llm_gallery.figure.difference.compared_parts import Fact, consequences, rows, traits
from llm_gallery.figure.difference.difference_head import SAME
from llm_gallery.figure.difference.inset import InsetContents
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Node, Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Box, Line, Point
from llm_gallery.figure.kit.signs import STREAM, STREAM_RING, dot
from llm_gallery.figure.kit.text import wrap
from llm_gallery.figure.page import schedule_strip as strips
from llm_gallery.figure.plan.plan import Plan
from llm_gallery.figure.plan.planning import plan
from llm_gallery.mechanisms import colour_of

MOST = 4
"""Models that stand beside each other."""
MARGIN = 40.0
WIDTH, FOUR = 1200.0, 1440.0
GAP = 46.0
"""Px between two stacks, for what lies between their layers."""
GUTTER = 14.0
PANEL_LABELS = 250.0
FULL = 420.0
"""Px of a value that has a line of its own."""
LENS = 10.0
NAMES = 30.0
"""Px of the models' names over their columns."""


@dataclass(frozen=True, slots=True)
class Band:
    """A branch with its picture, and the height that both need."""

    branch: Drawn
    facts: Sheet
    facts_height: float  # px
    picture: InsetContents | None
    high: float


def difference(comparison: Comparison, headings: Sequence[Heading]) -> Drawing:
    """The figure as a drawing; a heading a model. Raises Refusal for more than four models."""
    count = len(headings)
    if count > MOST:
        raise Refusal(
            f"found {count} models for a difference figure, expected 2 to {MOST}; "
            "more of them fit in a table: --format text"
        )
    wide = (FOUR if count == 4 else WIDTH) - 2 * MARGIN
    plans = [plan(model.architecture.root) for model in comparison.models]
    sheet = Sheet()
    top = difference_head.head(sheet, comparison, headings, wide) + 46
    gap = GAP if count == 2 else 10.0
    left = count * towers.WIDE + (count - 1) * gap + 38
    right = wide - (inset.WIDE + GUTTER + LENS if count == 2 else 0)
    # What works on each token stands above what mixes tokens: data flows up.
    drawn = branch.lettered([branch.drawn(row, plans) for row in reversed(rows(comparison))])
    bands = [_band(one, comparison, right - left) for one in drawn]
    stacks = _stacks(comparison, headings, plans)
    least = towers.high(stacks, towers.FINE) - 2 * LENS
    spare = max(0.0, least - _high(bands, count)) / max(1, len(bands))
    bands = [replace(band, high=band.high + spare) for band in bands]
    y = _frame(sheet, bands, headings, left, top, right)
    tall = min(y - top + LENS, towers.high(stacks, strips.HIGHEST))
    _towers(sheet, comparison, stacks, top - LENS, top - LENS + tall, gap)
    whole, follows = traits(comparison), consequences(comparison)
    if count == 2:
        y = _panel(sheet, "The whole", (*whole, *follows), headings, y + 20, wide)
    else:
        y = _panel(sheet, "The whole", whole, headings, y + 20, wide)
        y = _panel(sheet, "What follows", follows, headings, y + 14, wide)
    end = foot.foot(sheet, comparison, headings, y + 26, wide)
    whole_sheet = Sheet()
    whole_sheet.place(sheet, MARGIN, MARGIN)
    picture = whole_sheet.picture(wide + 2 * MARGIN, end + 2 * MARGIN)
    first, *others = (heading.line for heading in headings)
    sentences = [" ".join(one.sentences) or SAME for one in comparison.differences]
    return Drawing(picture, f"Difference of {first} and {', '.join(others)}", " ".join(sentences))


def _band(drawn: Drawn, comparison: Comparison, wide: float) -> Band:
    pictured = len(comparison.models) == 2 and drawn.kind != "kept"
    picture = inset.contents(drawn.row, comparison) if pictured else None
    listed, tall = branch.fact_part(drawn, wide - branch.RULE - branch.BESIDE - 14)
    end = branch.FACTS + tall
    high = max(drawn.high, end + 16, picture.high + GUTTER if picture else 0)
    return Band(drawn, listed, tall, picture, high)


def _high(bands: Sequence[Band], count: int) -> float:
    """Px of the frame's height."""
    return 20 + (NAMES if count > 2 else 0) + sum(band.high for band in bands) + 14


def _frame(
    sheet: Sheet,
    bands: Sequence[Band],
    headings: Sequence[Heading],
    left: float,
    top: float,
    right: float,
) -> float:
    """The branches in their frame, each picture beside its branch; gives the lower edge back."""
    high = _high(bands, len(headings))
    wide, margins, corner = right - left, 2 * LENS, Point(left - LENS, top - LENS)
    sheet.put(
        Box(*corner, wide + margins, high + margins, radius=16, fill="lens", open=True),
        Box(left, top, wide, high, radius=10, fill="paper", edge="frame", open=True),
    )
    y = top + 20
    if len(headings) > 2:
        first = left + branch.RULE + branch.BESIDE
        _names(sheet, headings, first, y + 12, right - 14, fact_rows.LABELS)
        y += NAMES
    rings = []
    for band in bands:
        node, lane = branch.put(sheet, band.branch, left, y, band.high)
        branch.put_facts(sheet, band.facts, band.facts_height, node, left, y)
        rings.append(y + branch.SUM)
        if band.picture is not None:
            at = right + LENS + GUTTER
            inset.put(sheet, band.picture, at, y, band.high - GUTTER)
            _connector(sheet, node, lane, y + branch.SUM - 8, at, band)
        y += band.high
    stops = [(ring + STREAM_RING, ring - STREAM_RING) for ring in reversed(rings)]
    ends = top + high + LENS + 8, top - LENS - 12
    streams.run(sheet, (left + branch.STREAM,), STREAM, *ends, stops, arrow=True)
    return top + high + LENS


def _names(
    sheet: Sheet,
    headings: Sequence[Heading],
    left: float,
    y: float,
    right: float,
    labels: float,
) -> None:
    """The models over their columns."""
    column = (right - left - labels) / len(headings)
    for index, heading in enumerate(headings):
        x = left + labels + index * column + fact_rows.SIGN
        lines = wrap(heading.line, column - fact_rows.SIGN - 6, 12, 600)
        role, first = "ink" if index else "muted", y + 8 - (len(lines) - 1) * 15
        sheet.lines(x, first, lines, 15, size=12, weight=600, role=role)


def _connector(sheet: Sheet, node: Node, lane: float, y: float, end: float, band: Band) -> None:
    """From the block up its lane and across to its picture."""
    role = f"{colour_of(band.branch.row.shown.block)}.line"
    start = Point(node.right.x, node.box.y + 9)
    points = (start, Point(lane, start.y), Point(lane, y), Point(end, y))
    sheet.put(Line(points=points, kind="connector", role=role), dot(end, y, role))


def _panel(
    sheet: Sheet,
    title: str,
    facts: Sequence[Fact],
    headings: Sequence[Heading],
    top: float,
    right: float,
) -> float:
    """A box of facts in as many columns as fit; gives its lower edge back."""
    inside, room, two = 16.0, right - 32, len(headings) == 2
    differing = [fact for fact in facts if not fact.kept]
    equal = [fact for fact in facts if fact.kept]
    body, y = Sheet(), 34.0
    if two:
        long = [fact for fact in differing if fact_rows.is_long(fact)]
        differing = [fact for fact in differing if fact not in long]
        across = max(1, min(4, int(room // max(230, fact_rows.narrow(differing) + 20))))
        each = -(-len(differing) // across)
        for index in range(across):
            part = differing[index * each : (index + 1) * each]
            fact_rows.pairs(body, part, index * room / across, y, room / across - 12)
        y += each * fact_rows.PITCH
        y += fact_rows.pairs(body, long, 0, y, room, widest=FULL)
    else:
        column = (room - PANEL_LABELS) / len(headings) - fact_rows.SIGN - 6
        deeper = 15 * (max(len(wrap(one.line, column, 12, 600)) for one in headings) - 1)
        _names(body, headings, 0, 13 + deeper, room, PANEL_LABELS)
        y += deeper
        y += fact_rows.columns(body, differing, 0, y, room, PANEL_LABELS)
    high = y + 8
    if equal:
        high += 8 + fact_rows.alike(body, equal, 0, y + 4, room)
    sheet.put(Box(0, top, right, high, radius=8, edge="frame", open=True))
    sheet.label(inside, top + 22, title, size=13, weight=600, role="ink")
    sheet.place(body, inside, top)
    return top + high


def _stacks(
    comparison: Comparison, headings: Sequence[Heading], plans: Sequence[Plan]
) -> list[towers.Stack]:
    """The stacks; those of two models on the scale that their layers share."""
    pieces: Sequence[Sequence[towers.Piece]] = [[(0, 0, shown.depth)] for shown in plans]
    if len(headings) == 2:
        pieces = towers.aligned(comparison.differences[0].schedule)
    return [
        towers.Stack(heading.line, model.architecture, shown, tuple(stretch))
        for heading, model, shown, stretch in zip(
            headings, comparison.models, plans, pieces, strict=True
        )
    ]


def _towers(
    sheet: Sheet,
    comparison: Comparison,
    stacks: Sequence[towers.Stack],
    top: float,
    bottom: float,
    gap: float,
) -> None:
    """The stacks, and between two of them what differs."""
    scale = towers.towers(sheet, stacks, 0, top, bottom, gap)
    if len(stacks) == 2:
        steps = comparison.differences[0].schedule
        first = towers.STREAM + 5
        second = towers.WIDE + gap + first
        towers.gaps(sheet, steps, scale, (first, second))
        towers.between(sheet, steps, scale, first + towers.CELLS + 4, second - 12)
