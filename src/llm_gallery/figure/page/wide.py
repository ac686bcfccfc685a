"""The figure for a page, 1,200 px wide: strip, one layer beside what leads, the other mechanisms in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache as remembered
from typing import NamedTuple

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Bounds, Box, Picture, Point
from llm_gallery.figure.page import (
    depth_band,
    description,
    footer,
    hero_plate,
    insets,
    kept,
    layer_frame,
    model_head,
    novelty,
    shared_tracks,
    upright,
)
from llm_gallery.figure.page.hero import Hero, heroes
from llm_gallery.figure.page.hero_plate import Form, Told
from llm_gallery.figure.page.insets import SizedInset, sized_inset
from llm_gallery.figure.page.packing import GUTTER, Arrangement, Column, Filled, arrangements
from llm_gallery.figure.page.prose import prose, sentences_of
from llm_gallery.figure.page.strip import Strip
from llm_gallery.figure.plan.one_layer import OneLayer, layers_as_one
from llm_gallery.figure.plan.plan import Plan, Use
from llm_gallery.mechanisms.ranks import RANKS, SHARING, rank

WIDTH, MARGIN = 1200.0, 40.0
ROOM = WIDTH - 2 * MARGIN
NARROW = (ROOM - 2 * GUTTER) / 3
BROAD = ROOM - NARROW - GUTTER
HALF = (ROOM - GUTTER) / 2
HIGHEST = 1.25 * WIDTH
"""Px of a figure's height at most."""
SIDE = 352.0
"""Px of the frame beside a strip that stands upright."""
ARROW = 10.0
"""Px that the stream's arrow stands over its frame."""


class Shape(NamedTuple):
    """A way to draw the first screen: the form of what leads, and whether the frame shows an MLP's inside."""

    form: Form
    opened: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What the page is made of."""

    architecture: Architecture
    heading: Heading
    plan: Plan
    full: bool
    leads: Hero | None
    second: Hero | None
    layers: tuple[OneLayer, ...]

    @property
    def root(self) -> Block:
        """The model."""
        return self.architecture.root

    @property
    def model_width(self) -> int | None:
        """That of its stream."""
        return self.root.number("width") if "width" in self.root.facts else None

    @property
    def upright(self) -> bool:
        """Whether the strip stands beside the frame."""
        return upright.serves(self.architecture, self.plan) and len(self.layers) == 1

    @property
    def shares(self) -> bool:
        """Whether what layers take over from one another is what leads."""
        shared = self.leads is not None and rank(self.leads.new) == RANKS.index(SHARING)
        return shared and bool(shared_tracks.tracks(self.architecture))

    def told(self, hero: Hero, *, saving: bool = True) -> Told:
        """A hero with what is said of it."""
        own = hero.concepts | ({"hybrid"} if _recurs(hero) else frozenset())
        saved = kept.saving(self.root, own) if saving and hero.idea is None else None
        if hero.idea is not None and hero.idea.concept == "looped-depth":
            saved = kept.of_loops(self.root)
        return Told(hero, self.plan, novelty.note(hero, self.heading), saved, self.full, True)

    def frames(self, wide: float, least: float, *, opened: bool) -> list[Picture]:
        """The frames, so wide; one alone at least so high."""
        least = least if len(self.layers) == 1 else 0.0
        return [
            layer_frame.picture(
                one, self.plan.stream, wide, self.model_width, self.plan.depth, least,
                opened=opened, full=self.full,
            )
            for one in self.layers
        ]  # fmt: skip


def _recurs(hero: Hero) -> bool:
    return any(variant.block.recurs for variant in hero.variants)


def wide(architecture: Architecture, heading: Heading, plan: Plan, full: bool) -> Picture:
    """The whole figure; `full` adds shapes and parameters of each block."""
    root = architecture.root
    leads, second = heroes(plan, heading)
    page = Page(architecture, heading, plan, full, leads, second, layers_as_one(plan))
    counts, held = parameters(root), cache(root)
    sentence = heading.summary or description.sentence(architecture, plan)
    above = model_head.head(heading, root, counts, held, sentence, ROOM)
    inside: list[tuple[Point, Picture]] = [(Point(MARGIN, MARGIN - 6), above)]
    y = MARGIN - 6 + above.height
    sheet = Sheet()
    below = footer.footer(architecture, counts, held, description.notes(architecture), ROOM)
    rest = below.height + 38
    if page.upright:
        bottom, placed = _upright(page, sheet, y + 24, rest)
    else:
        large = page.shares
        top = y + 30
        if large:
            strip, y = _schedule(page, sheet, y + 12)
            page = replace(page, leads=None)
        else:
            strip, y = depth_band.band(
                sheet, architecture, plan, MARGIN, WIDTH - MARGIN, top, token=52, channel=15
            )
        bottom, placed = _laid(page, y + 26, rest)
        if not large:
            frame = placed[0]
            around = Bounds(
                frame[0].x, frame[0].y, frame[0].x + NARROW, frame[0].y + frame[1].height
            )
            sheet.shapes = [*depth_band.lens(plan, root, strip, around), *sheet.shapes]
    inside += placed
    inside.append((Point(MARGIN, bottom + 18), below))
    high = round(bottom + 18 + below.height + 20)
    return Picture(width=WIDTH, height=high, shapes=tuple(sheet.shapes), inside=tuple(inside))


Placed = list[tuple[Point, Picture]]


def _upright(page: Page, sheet: Sheet, top: float, rest: float) -> tuple[float, Placed]:
    """The strip at the left, the frame beside it, what leads at the right."""
    left = MARGIN + upright.WIDTH + 22
    start = left + SIDE + GUTTER
    columns = Column(left, SIDE, top), Column(start, WIDTH - MARGIN - start, top)
    best = _best(page, columns, rest)
    high = best.high
    band = Sheet()
    upright.band(band, page.architecture, page.plan, MARGIN, top - ARROW, top + high)
    around = Bounds(left, top, left + SIDE, top + high)
    glass = upright.lens(page.architecture, page.plan, MARGIN, top - ARROW, top + high, around)
    sheet.put(*glass)
    sheet.place(band, 0, 0)
    return best.bottom, best.placed


def _schedule(page: Page, sheet: Sheet, top: float) -> tuple[Strip, float]:
    """The strip itself leads: large, with a track for each thing that layers share, and sentences under it."""
    assert page.leads is not None
    told, plate, over = page.told(page.leads, saving=False), Sheet(), Sheet()
    wide = ROOM
    hero_plate.title(over, told, wide)
    plate.place(over, MARGIN, top)
    strip, y = depth_band.band(
        plate, page.architecture, page.plan, MARGIN + 16, WIDTH - MARGIN - 16, top + 68,
        token=56, channel=15, large=True,
    )  # fmt: skip
    sentences = [words for panel in told.hero.panels for words in sentences_of(panel.words)]
    each = (wide - 32 + 24) / max(1, min(3, len(sentences)))
    low = y
    for index, words in enumerate(sentences[:3]):
        low = max(low, prose(plate, MARGIN + 16 + index * each, y + 24, each - 24, words, 14.5))
    colour, high = told.colour, low + 2 - top
    ground = Box(
        MARGIN, top, wide, high, radius=10, fill=f"{colour}.tint", edge=f"{colour}.edge",
        open=True, ground=True,
    )  # fmt: skip
    sheet.put(ground, *plate.shapes)
    return strip, top + high


def _laid(page: Page, top: float, rest: float) -> tuple[float, Placed]:
    """Frame at the left, what leads beside it."""
    columns = Column(MARGIN, NARROW, top), Column(MARGIN + NARROW + GUTTER, BROAD, top)
    best = _best(page, columns, rest)
    return best.bottom, best.placed


class Layout(NamedTuple):
    """All that stands between the strip and the footer."""

    cost: float
    bottom: float
    high: float  # px of the frame
    placed: Placed


def _best(page: Page, columns: tuple[Column, Column], rest: float) -> Layout:
    """The layout with the least empty ground, within the format."""
    found = [_layout(page, columns, shape, rest) for shape in _shapes(page, columns[1].width)]
    return min(found, key=lambda layout: layout.cost)


def _shapes(page: Page, wide: float) -> Iterator[Shape]:
    opens = [False, True] if any(map(layer_frame.openable, page.layers)) else [False]
    leads_mlp = page.leads is not None and any(
        use.variants[0].block.is_mlp for use in page.leads.uses
    )
    if leads_mlp:
        opens = [False]
    shapes: Sequence[Form] = ("apart",)
    if page.leads is not None:
        shapes = hero_plate.forms(page.told(page.leads), wide)
    for form in shapes:
        for opened in opens:
            yield Shape(form, opened)


def _layout(page: Page, columns: tuple[Column, Column], shape: Shape, rest: float) -> Layout:
    """Frame and hero in their columns, and the best arrangement of the rest under them."""
    left, right = columns
    told = None if page.leads is None else page.told(page.leads)
    plate = None if told is None else hero_plate.picture(told, right.width, shape.form)
    frames = page.frames(left.width, 0.0, opened=shape.opened)
    frame_high = sum(frame.height for frame in frames) + 28 * (len(frames) - 1)
    plate_high = 0.0 if plate is None else plate.height
    grows = layer_frame.MOST_MORE * layer_frame.gaps(page.layers[0]) if len(frames) == 1 else 0.0
    others = _others(page, shape)
    beside = left.left > MARGIN  # the strip stands there
    low = max(frame_high, plate_high)
    ends = (
        Column(left.left, left.width, left.top + frame_high, grows),
        Column(right.left, right.width, right.top + plate_high, 60.0),
    )
    best = min(
        (
            one
            for shown in _choices(others, full=page.full)
            for one in _arranged(page, shown, ends, left.top + low, under=not beside)
        ),
        key=lambda one: _cost(one, rest, ends),
    )
    cost = _cost(best, rest, ends)
    placed: Placed = []
    best = _grown(best, ends)
    # What stands over a column reaches down to its insets, or to where the page ends.
    firsts = [
        min(
            (c.column.top for c in best.columns if c.insets and _meets(c.column, own)),
            default=best.bottom,
        )
        for own in (left, right)
    ]
    goal = [first - left.top for first in firsts]
    high = frame_high
    if len(frames) == 1:
        frames = page.frames(left.width, goal[0], opened=shape.opened)
        high = frames[0].height
    y = left.top
    for frame in frames:
        placed.append((Point(left.left, y), frame))
        y += frame.height + 28
    if told is not None:
        shown = hero_plate.picture(told, right.width, shape.form, goal[1])
        placed.append((Point(right.left, right.top), shown))
    placed += _stretched(best)
    return Layout(cost, best.bottom, high, placed)


def _grown(one: Arrangement, ends: tuple[Column, Column]) -> Arrangement:
    """What is spare in a column goes first to what stands over it, as far as that gives."""
    columns = []
    for filled in one.columns:
        column = filled.column
        alone = any(column == end for end in ends) and filled.insets
        spare = one.bottom - filled.bottom
        more = min(column.gives, 0.7 * spare) if alone else 0.0
        columns.append(Filled(column._replace(top=column.top + more), filled.insets))
    return Arrangement(tuple(columns))


def _meets(column: Column, other: Column) -> bool:
    return column.left < other.left + other.width and other.left < column.left + column.width


def _arranged(
    page: Page,
    others: list[SizedUse],
    ends: tuple[Column, Column],
    low: float,
    *,
    under: bool,
) -> Iterator[Arrangement]:
    if not others:
        yield Arrangement(tuple(Filled(column) for column in ends))
        return
    left, right = ends
    thirds = [Column(MARGIN + i * (NARROW + GUTTER), NARROW, low) for i in range(3)]
    halves = [Column(MARGIN + i * (HALF + GUTTER), HALF, low) for i in range(2)]
    settings: list[Sequence[Column]] = []
    if not under:
        settings.append((right,))
    else:
        settings.append((left, right))
        settings.append((left, *(c._replace(top=right.top, gives=right.gives) for c in thirds[1:])))
    settings += [thirds, halves, (Column(MARGIN, ROOM, low),)]
    settings.append(
        (Column(MARGIN, NARROW, low), Column(MARGIN + NARROW + GUTTER, BROAD, low))
    )
    settings.append((Column(MARGIN, BROAD, low), Column(MARGIN + BROAD + GUTTER, NARROW, low)))
    size = remembered(lambda other, wide: other.sized(page, wide))
    yield from arrangements(others, settings, size, lambda other, wide: other.fits(wide))


@dataclass(frozen=True, slots=True, eq=False)
class SizedUse:
    """Something that has an inset: a mechanism, or what is new beside what leads."""

    use: Use | None
    told: Told | None = None
    indexer: bool = False  # whether it is the indexer of the use alone

    def sized(self, page: Page, wide: float) -> SizedInset:
        """Its inset at a width."""
        if self.told is not None:
            return hero_plate.as_inset(self.told, wide)
        assert self.use is not None
        return sized_inset(
            self.use, page.plan, wide, page.full,
            together=True, split=True, only_indexer=self.indexer,
        )  # fmt: skip

    def fits(self, wide: float) -> bool:
        """Whether it may be drawn so wide."""
        use = self.use if self.told is None else self.told.hero.wiring
        if use is None:
            return 300 <= wide <= 760
        if self.indexer:
            return wide >= 350
        return insets.least(use) <= wide <= insets.most(use)


def _cost(
    one: Arrangement, rest: float, ends: tuple[Column, Column]
) -> float:
    """Empty ground, and height beyond the format above all."""
    bottom = one.bottom
    hole = 0.0
    for column in ends:
        meets = [f.column for f in one.columns if f.insets and _meets(f.column, column)]
        first = min((c.top for c in meets), default=bottom)
        hole += column.width * max(0.0, first - column.top - column.gives) * 2
    over = max(0.0, bottom + rest - HIGHEST)
    return one.empty + hole + 320 * bottom + 1e5 * over


def _others(page: Page, shape: Shape) -> list[SizedUse]:
    """What else has an inset: the wiring of what leads where that shows none, what is new beside it, the others."""
    leads, second, plan = page.leads, page.second, page.plan
    own = () if leads is None else leads.uses
    found: list[SizedUse] = []
    if leads is not None and shape.form == "apart" and leads.wiring is not None:
        found.append(SizedUse(leads.wiring))
    taken = list(own)
    if second is not None:
        found.append(SizedUse(None, page.told(second, saving=False)))
        taken += second.uses
    wiring = [] if plan.wiring is None else [plan.wiring]
    uses = [*(u for u in plan.uses if u.token), *wiring, *(u for u in plan.uses if not u.token)]
    for use in uses:
        if any(use is other for other in taken):
            continue
        if shape.opened and use.variants[0].block.kind == "mlp":
            continue
        found.append(SizedUse(use))
    indexers = [SizedUse(use, indexer=True) for use in plan.uses if insets.indexed(use)]
    return [*found[:1], *indexers, *found[1:]]


def _choices(others: list[SizedUse], *, full: bool) -> Iterator[list[SizedUse]]:
    """All that has an inset, and the same without a plain MLP, whose block says how wide it is."""
    yield others
    rest = [o for o in others if o.use is None or o.use.variants[0].block.kind != "mlp"]
    if not full and len(rest) < len(others):
        yield rest


def _stretched(one: Arrangement) -> Iterator[tuple[Point, Picture]]:
    """The insets of each column, stretched to the end of the longest."""
    for filled in one.columns:
        if not filled.insets:
            continue
        each = (one.bottom - filled.bottom) / len(filled.insets)
        y = filled.column.top + GUTTER
        for inset in filled.insets:
            yield Point(filled.column.left, y), insets.picture(inset, inset.height + each)
            y += inset.height + each + GUTTER

