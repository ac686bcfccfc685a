"""Leaders: each block of a frame that has a plate is joined to it, by a line of its own or by the same number."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure.frame import layer_frame
from llm_gallery.figure.kit.painting import overlap
from llm_gallery.figure.kit.shapes import Bounds, Box, Picture, Point, Text, flat
from llm_gallery.figure.layout import leaders
from llm_gallery.figure.layout.drawn import Drawn
from llm_gallery.figure.layout.layout import Ground, Layout, best
from llm_gallery.figure.layout.leaders import LONGEST, Leader, Plated
from llm_gallery.figure.layout.packing import GUTTER, Column
from llm_gallery.figure.layout.starts import Start, Way
from llm_gallery.figure.lead.content import content
from llm_gallery.figure.page.wide import BROAD, MARGIN, NARROW, ROWS
from llm_gallery.plan.planning import plan
from tests.figure.gates import words
from tests.sample import sampled

TOP, REST = 330.0, 200.0


def laid_out(name: str) -> Layout:
    """What stands between strip and footer of a model's standard figure."""
    model = find(name)
    page = content(model.architecture, model.heading, plan(model.architecture.root), split=True)
    left = Column(MARGIN, NARROW, TOP)
    right = Column(MARGIN + NARROW + GUTTER, BROAD, TOP)
    return best(Drawn(page), Ground(left, right, ROWS), REST)


@pytest.mark.parametrize("name", sampled())
def test_each_block_is_led_to_its_plate_or_has_its_number(name: str) -> None:
    layout = laid_out(name)
    numbered = {(badge.plate, badge.tone) for badge in layout.badges}
    for one in layout.leaders:
        assert one.points or (one.plate.bounds, one.plate.tone) in numbered, one.start.path
        if one.points:
            assert on_edge(one.points[-1], one.plate.bounds)
    for plate in {badge.plate for badge in layout.badges}:
        shown = next(part for at, part in layout.placed if (at.x, at.y) == plate[:2])
        said = {words(shape) for shape in shown.shapes if isinstance(shape, Text)}
        (number,) = {badge.number for badge in layout.badges if badge.plate == plate}
        assert f"{number}" in said


@pytest.mark.parametrize("name", sampled())
def test_every_mixer_with_a_plate_has_a_leader_or_a_number(name: str) -> None:
    """Told from the model: no block of the frame whose kind has an inset is forgotten."""
    model = find(name)
    shown = plan(model.architecture.root)
    page = content(model.architecture, model.heading, shown, split=True)
    layout = laid_out(name)
    kinds = {v.block.kind for one in layout.leaders for v in one.plate.variants}
    plates = {at for at, _ in layout.placed}
    assert len(plates) == len(layout.placed)
    opened = layer_frame.opened(page.layers[0])
    for place in page.layers[0].places:
        for choice in place.choices:
            if place.mixes and choice.path not in opened and drawn_of(layout, choice.block.kind):
                assert choice.block.kind in kinds, choice.name


def drawn_of(layout: Layout, kind: str) -> bool:
    return any(v.block.kind == kind for one in layout.leaders for v in one.plate.variants)


@pytest.mark.parametrize("name", sampled())
def test_leaders_run_in_gutters(name: str) -> None:
    """None meets another, runs through a plate, or is so long that nobody follows it."""
    layout = laid_out(name)
    found = [one for one in layout.leaders if one.points]
    for one, other in combinations(found, 2):
        for a in leaders.pieces(one.points):
            for b in leaders.pieces(other.points):
                assert not overlap(grown(a), grown(b)), (one.start.path, other.start.path)
    plates = [Bounds(at.x, at.y, at.x + p.width, at.y + p.height) for at, p in layout.placed[1:]]
    for one in found:
        assert sum(abs(a.x - b.x) + abs(a.y - b.y) for a, b in pairwise(one.points)) < LONGEST
        if one.start.edge == MARGIN + NARROW:
            for piece in leaders.pieces(one.points):
                assert not any(
                    overlap(grown(piece), plate, 1.5)
                    for plate in plates
                    if not overlap(one.start.box, plate)
                )


def grown(piece: Bounds) -> Bounds:
    return Bounds(piece.left - 1, piece.top - 1, piece.right + 1, piece.bottom + 1)


def on_edge(point: Point, box: Bounds) -> bool:
    upright = point.x in (box.left, box.right) and box.top <= point.y <= box.bottom
    level = point.y in (box.top, box.bottom) and box.left <= point.x <= box.right
    return upright or level


def test_a_way_that_another_bars_is_not_taken() -> None:
    """A block over another, whose plates stand the other way round: one of the lines would cross the other."""
    beside, below = Bounds(420, 0, 800, 300), Bounds(420, 320, 800, 500)
    frame = Bounds(40, 0, 400, 300)
    upper, lower = (start(y) for y in (100.0, 200.0))
    pairs = [(upper, Plated(below, "mlp")), (lower, Plated(beside, "full"))]
    first, second = leaders.leaders(pairs, [frame, beside, below])
    assert not first.points
    assert second.points == (Point(400, 200), Point(420, 200))
    free = [(upper, Plated(beside, "full")), (lower, Plated(below, "mlp"))]
    assert all(one.points for one in leaders.leaders(free, [frame, beside, below]))


def start(y: float) -> Start:
    return Start(f"at {y}", Bounds(100, y - 20, 200, y + 20), 400, (Way((Point(400, y),)),))


def test_a_leader_of_what_leads_comes_first() -> None:
    """Every figure whose frame stands beside what leads joins the two."""
    for name in ("deepseek-v3", "qwen3-next-80b-a3b", "kimi-k3", "deepseek-v4-pro"):
        layout = laid_out(name)
        assert any(joins_beside(one) for one in layout.leaders), name


def joins_beside(one: Leader) -> bool:
    return bool(one.points) and one.plate.bounds.left == MARGIN + NARROW + GUTTER


def test_numbers_stand_beside_their_blocks() -> None:
    layout = laid_out("deepseek-v3")
    at, frame = layout.placed[0]
    blocks = {s.about.path: s.bounds for s in boxes(frame, at) if s.about is not None}
    paths = {"model.layers.0.mlp", "model.layers.3.mlp"}
    assert paths <= blocks.keys()
    for badge in layout.badges:
        x, y = badge.spot.at
        assert any(
            left - 30 <= x <= right + 30 and top - 30 <= y <= bottom + 30
            for left, top, right, bottom in (blocks[path] for path in paths)
        )


def boxes(frame: Picture, at: Point) -> list[Box]:
    return [shape for shape in flat(frame, at.x, at.y) if isinstance(shape, Box)]
