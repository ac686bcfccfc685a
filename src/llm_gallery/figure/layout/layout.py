"""What stands between the strip and the footer: frame, what leads, and insets where the least ground stays empty."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import inf
from typing import NamedTuple

from llm_gallery.figure.frame import layer_frame
from llm_gallery.figure.internals.insets import SizedInset
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture, Point
from llm_gallery.figure.kit.text import cut
from llm_gallery.figure.layout import badges, costs, joints, leaders, selection
from llm_gallery.figure.layout.badges import Badge
from llm_gallery.figure.layout.drawn import SCREEN, Drawn
from llm_gallery.figure.layout.items import Item, Standing, items
from llm_gallery.figure.layout.leaders import Leader
from llm_gallery.figure.layout.packing import GUTTER, Arrangement, Column, Filled, arrangements
from llm_gallery.figure.lead.content import Content
from llm_gallery.figure.lead.hero_plate import Form, Plate

LESS = -8.0
"""Px that a gap in the frame of a page that is too high is less than others."""
ROOMY = 70.0
"""Px from which an inset with so much room shows its sentences, too."""
ALONE = 20.0
"""Px that a gap of a frame grows at most where no inset stands under it to take what is spare."""
SINGLE = 48.0
"""The same of a frame with one branch, whose few gaps are all that can grow."""
LINE = 32.0
"""Px that the line takes which says what isn't drawn."""
GIVES, MOST = 70.0, 170.0
"""Px that the frame with an inset under it may be higher than what leads, and at most where nothing else serves."""
GAPING = 130.0
"""Px that what leads may be made higher before other forms of it are tried."""
SHORT = 130.0
"""Px that a frame is lower than what leads where an inset may stand under it."""
Placed = list[tuple[Point, Picture]]


class Ground(NamedTuple):
    """What a page fills: a column for the frame, one beside it, and widths of columns under both."""

    left: Column
    right: Column
    rows: Sequence[Sequence[float]]
    slack: float = 0.0  # px that insets may end lower for their pictures and sentences


class Layout(NamedTuple):
    """All that stands between the strip and the footer."""

    bottom: float
    high: float  # px of the frame
    placed: Placed
    leaders: Sequence[Leader] = ()
    badges: Sequence[Badge] = ()

    def joins(self, width: float) -> Picture:
        """What joins blocks and plates, to be painted over both."""
        discs = [
            shape
            for badge in self.badges
            for shape in badges.disc(badge, badge.spot.at, inside=badge.spot.inside)
        ]
        shapes = (*leaders.lines(self.leaders), *discs)
        return Picture(width=width, height=self.bottom, shapes=shapes)


class Top(NamedTuple):
    """Frame and what leads before they are stretched."""

    form: Form | None
    opened: bool
    frame: Picture
    plate: Plate | None
    tight: bool = False


class Screen(NamedTuple):
    """What stands above, and the insets under it, or under and beside it."""

    top: Top
    cost: float
    best: Arrangement
    left: float  # px of the frame, and of the inset under it
    under: Item | None  # the inset that stands under the frame, beside what leads
    left_out: str  # what isn't drawn, in words


def best(drawn: Drawn, ground: Ground, rest: float) -> Layout:
    """The layout with the least empty ground, within the format."""
    screen = _chosen(drawn, ground, rest)
    layout = _placed(drawn, ground, screen)
    higher = layout.bottom - screen.best.bottom
    if higher > 0 and layout.bottom + rest > costs.HIGHEST and not drawn.page.full:
        # Insets were measured at the width of their design, and some are higher at their own.
        layout = _placed(drawn, ground, _chosen(drawn, ground, rest + higher))
    return layout


class Columns(NamedTuple):
    """What stands in the columns of a page to scroll, and px across and down that stay empty under each."""

    layout: Layout
    empty: tuple[tuple[float, float], ...]


def columns(drawn: Drawn, ground: Ground, others: list[Item]) -> Columns:
    """Frame and insets where what leads stands over both columns; a frame alone takes the width of both."""
    page, least = drawn.page, inf
    for opened in (False, True) if page.openable else (False,):
        top = Top(None, opened, drawn.frame(ground.left.width, 0.0, opened=opened), None)
        shown = [item for item in others if not (opened and item.plain)]
        for screen in _arranged(drawn, ground, top, shown, -costs.HIGHEST, least):
            least, chosen = screen.cost, screen
    found = _placed(drawn, ground, chosen)
    if not others:
        return Columns(found, ((ground.left.width / 2, found.high),))
    ends = {at.x: at.y + one.height for at, one in found.placed}
    areas = (
        (one.width, found.bottom - ends.get(one.left, one.top))
        for one in (ground.left, ground.right)
    )
    return Columns(found, tuple(areas))


def _chosen(drawn: Drawn, ground: Ground, rest: float) -> Screen:
    """Frame, what leads and the arrangement of the others."""
    *_, best = _screens(drawn, ground, rest, inf, tight=False)
    if not drawn.page.full and best.best.bottom + rest > costs.HIGHEST:
        *_, best = best, *_screens(drawn, ground, rest, best.cost, tight=True)
    elif _wanting(best, ground, full=drawn.page.full):
        *_, best = best, *_screens(drawn, ground, rest, best.cost, tight=False, every=True)
    return best


def _wanting(screen: Screen, ground: Ground, *, full: bool) -> bool:
    """Whether what leads ends below the first screen, or an area looks empty, so that other forms are tried."""
    left, right, plate = ground.left, ground.right, screen.top.plate
    if full:  # as high as it must be, with areas as empty
        return plate is not None and plate.told > SCREEN - right.top
    areas = [
        (one.column.width, screen.best.bottom - one.bottom - one.column.gives * bool(one.items))
        for one in screen.best.columns
    ]
    under = left._replace(top=left.top + screen.left)
    areas.append((left.width, screen.best.over(under) - under.top - GUTTER))
    if plate is not None:
        natural = right.top + plate.picture.height
        more = screen.best.over(right._replace(top=natural)) - natural
        if plate.told > SCREEN - right.top or more > GAPING:
            return True
        wide, high = plate.empty
        areas.append((wide, high + more))
    return any(costs.looks_empty(*area) for area in areas)


def _screens(
    drawn: Drawn, ground: Ground, rest: float, least: float, *, tight: bool, every: bool = False
) -> Iterator[Screen]:
    """Forms of what leads with arrangements, each at less cost than the last, and than `least`.

    `tight` gives up what the page can do without; `every` tries forms that are seldom better.
    """
    page = drawn.page
    rest = -costs.HIGHEST if page.full else rest
    listed = {
        wired: items(page.plan, page.leads, page.second, wired=wired, full=page.full)
        for wired in (True, False)
    }
    for form, opened in selection.forms(page, tight=tight, every=every):
        frame = drawn.frame(ground.left.width, LESS if tight else 0.0, opened=opened)
        top = Top(form, opened, frame, drawn.plate(ground.right, form, tight=tight), tight)
        others = [Item(None, layers=one) for one in page.layers[1:]]
        listing = listed[form != "apart"]
        others += [item for item in listing if not (opened and selection.stands_open(page, item))]
        if tight:
            others = [item.bare for item in others]
        for screen in _arranged(drawn, ground, top, others, rest, least, every=every):
            least = screen.cost
            yield screen


def _arranged(
    drawn: Drawn,
    ground: Ground,
    top: Top,
    others: list[Item],
    rest: float,
    least: float,
    *,
    every: bool = False,
) -> Iterator[Screen]:
    """Ways to arrange insets about what stands above, each at less cost than the last, and than `least`."""
    page, plate = drawn.page, top.plate
    missed = 0.0

    def worth(bottom: float) -> bool:
        """Whether it may cost less than what was found, were no ground empty."""
        return costs.cost_of_height(0.0, bottom, rest) + missed < least

    def joint(under: Item) -> float:
        """Px of the frame with an inset under it, which nothing makes room for later: at its own width."""
        return top.frame.height + GUTTER + drawn.sized(under, ground.left.width).height

    amiss = 0.0 if plate is None else costs.amiss(plate, ground.right)
    for shown in selection.choices(others, full=page.full, tight=top.tight):
        missed = costs.missed(page, others, shown) + amiss
        left_out = selection.left_out(others, shown)
        below = rest + LINE if left_out else rest
        for under in _under(ground.left, top, shown, joint, every=every):
            left = top.frame.height if under is None else joint(under)
            ends = _ends(page, ground, left, plate)
            low = ground.left.top + max(left, 0.0 if plate is None else plate.picture.height)
            ways: Iterable[Arrangement] = [Arrangement(tuple(map(Filled, ends)))]
            if rest_of := [item for item in shown if item is not under]:
                settings = _settings(ends, ground.rows, low)
                ways = arrangements(rest_of, settings, drawn.high, worth)
            for one in ways:
                cost = costs.cost(one, below, ends) + missed
                if cost < least:
                    least = cost
                    yield Screen(top, cost, one, left, under, left_out)


def _under(
    left: Column, top: Top, shown: Sequence[Item], joint: Callable[[Item], float], *, every: bool
) -> Iterator[Item | None]:
    """Nothing under the frame, or an inset that with it is about as high as what leads."""
    yield None
    if top.plate is None or top.plate.picture.height - top.frame.height < SHORT:
        return
    for item in shown:
        fits = (every or item.layers is None) and item.fits(left.width)
        most = top.plate.picture.height + (MOST if every else GIVES)
        if fits and joint(item) <= most:
            yield item


def _ends(
    page: Content, ground: Ground, filled: float, plate: Plate | None
) -> tuple[Column, Column]:
    """Where the insets under frame and hero begin, and how much these may grow."""
    left, right = ground.left, ground.right
    grows = layer_frame.MOST_MORE * layer_frame.gaps(page.layers[0])
    over = -GUTTER if plate is None else plate.picture.height
    return (
        left._replace(top=left.top + filled, gives=grows),
        right._replace(top=right.top + over, gives=0.0 if plate is None else 60.0),
    )


def _settings(
    ends: tuple[Column, Column], rows: Sequence[Sequence[float]], low: float
) -> Iterator[Sequence[Column]]:
    """Columns under frame and hero each, or in rows under both."""
    left, right = ends
    yield ends
    half = (right.width - GUTTER) / 2
    yield (
        left,
        right._replace(width=half),
        right._replace(left=right.left + half + GUTTER, width=half),
    )
    for widths in rows:
        x, row = left.left, []
        for wide in widths:
            row.append(Column(x, wide, low))
            x += wide + GUTTER
        yield row


def _placed(shown: Drawn, ground: Ground, screen: Screen) -> Layout:
    """Frame, hero and insets at their places, what is spare shared out."""
    page, top = shown.page, screen.top
    left, right = ground.left, ground.right
    under = None if screen.under is None else shown.sized(screen.under, left.width)
    below = 0.0 if under is None else GUTTER + under.height
    ends = _ends(page, ground, top.frame.height + below, top.plate)
    drawn = [
        _drawn(shown, filled, screen.best.bottom + ground.slack) for filled in screen.best.columns
    ]
    sized = tuple(
        filled._replace(heights=tuple(inset.height for inset in own))
        for filled, own in zip(screen.best.columns, drawn, strict=True)
    )
    best = _grown(Arrangement(sized), ends)
    frame = top.frame
    spare = best.over(ends[0]) - left.top - frame.height - below
    if spare > 1 and page.layers[0].branches:
        less = LESS if top.tight else 0.0
        gain = shown.frame(left.width, less + 1, opened=top.opened).height - frame.height
        alone = under is None and best.over(ends[0]) == best.bottom
        wide = SINGLE if len(page.layers[0].branches) == 1 else ALONE
        most = wide if alone else layer_frame.MOST_MORE
        if gain > 0:
            more = less + min(most, spare / gain)
            frame = shown.frame(left.width, more, opened=top.opened)
    placed: Placed = [(Point(left.left, left.top), frame)]
    shows = [Item(None, layers=page.layers[0])]
    if under is not None and screen.under is not None:
        at = left.top + frame.height + GUTTER
        placed.append(
            (Point(left.left, at), under.stretched(min(best.over(ends[0]) - at, under.most)))
        )
        shows.append(screen.under)
    if top.plate is not None:
        goal, led = best.over(ends[1]) - right.top, top.plate
        if goal > led.picture.height + 1:
            led = shown.plate(right, top.form, tight=top.tight, least=goal) or led
        placed.append((Point(right.left, right.top), led.picture))
        wiring = None if top.form is not None or page.leads is None else page.leads.wiring
        shows.append(Item(wiring, page.leads if wiring is None else None))
    for filled, own in zip(best.columns, drawn, strict=True):
        at = filled.column.top + GUTTER
        shows += filled.items
        for inset, more in zip(own, _shared_out(own, best.bottom - filled.bottom), strict=True):
            placed.append((Point(filled.column.left, at), inset.stretched(inset.height + more)))
            at += inset.height + more + GUTTER
    found = leaders.leaders(*joints.joints(placed, shows))
    numbers = badges.badges(found)
    placed = [*badges.placed(placed, numbers)]
    bottom = best.bottom
    if screen.left_out:
        said, room = Sheet(), right.left + right.width - left.left
        said.label(0, 12, cut(screen.left_out, room, 13), size=13)
        placed.append((Point(left.left, bottom + LINE - 18), said.picture(room, 16)))
        bottom += LINE
    return Layout(bottom, frame.height, placed, found, numbers)


def _shared_out(own: Sequence[SizedInset | Standing], spare: float) -> list[float]:
    """What is spare, shared among insets; what none of them may take stays empty under the last."""
    more = [0.0] * len(own)
    open_ones = list(range(len(own)))
    while open_ones and spare > 0.5:
        each = spare / len(open_ones)
        for n in open_ones:
            taken = min(each, own[n].most - own[n].height - more[n])
            more[n] += taken
            spare -= taken
        open_ones = [n for n in open_ones if more[n] < own[n].most - own[n].height - 0.1]
    return more


def _drawn(shown: Drawn, filled: Filled, bottom: float) -> list[SizedInset | Standing]:
    """The insets of a column; where they leave much room, with picture and sentences or these alone, as they have room."""
    wide = filled.column.width
    drawn = [shown.sized(item, wide) for item in filled.items]
    spare = bottom - filled.bottom - filled.column.gives
    for index, item in enumerate(filled.items):
        if spare < ROOMY * len(drawn):
            break
        for spoken in item.telling(shown.page, wide):
            if (more := spoken.height - drawn[index].height) <= spare:
                drawn[index] = spoken
                spare -= more
                break
    return drawn


def _grown(one: Arrangement, ends: tuple[Column, Column]) -> Arrangement:
    """What is spare in a column goes first to what stands over it, as far as that gives."""
    columns = []
    for filled in one.columns:
        column = filled.column
        spare = one.bottom - filled.bottom
        more = min(column.gives, 0.7 * spare) if column in ends and filled.items else 0.0
        columns.append(filled._replace(column=column._replace(top=column.top + more)))
    return Arrangement(tuple(columns))
