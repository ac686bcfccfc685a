"""The plate of what leads: title, pictures with their sentences, what it saves, and its wiring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf
from typing import Literal, NamedTuple

from llm_gallery.figure.internals.insets import sized_inset, where
from llm_gallery.figure.kit.accent import TAG_WIDTH, outline, tag
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.prose import lines, prose
from llm_gallery.figure.kit.shapes import Box, Picture, Point
from llm_gallery.figure.kit.signs import square
from llm_gallery.figure.kit.spreading import spread
from llm_gallery.figure.kit.text import titled, width
from llm_gallery.figure.lead import drums
from llm_gallery.figure.lead.panels import panels_of
from llm_gallery.figure.pictures import Panel
from llm_gallery.mechanisms.colour import Tone, tone
from llm_gallery.novelty.leading import Hero
from llm_gallery.novelty.saving import Saving
from llm_gallery.plan.naming import heading
from llm_gallery.plan.plan import Plan, Use

Form = Literal["stacked", "beside", "below", "apart"]
"""Pictures over the wiring, left of it, over it with the sentences beside them, or side by side without it."""
TWO = 640.0
"""Px from which pictures stand beside the wiring."""
WORDS = 14.5
"""Px of the sentences' type."""
SHARE, SPOKEN = 0.46, 0.34
"""Share of the plate that pictures take beside the wiring, or sentences alone."""
PAIR = 106.0
"""Px that what is saved takes under the sentences."""
DEEP = 170.0
"""Px without ink under the sentences from which they stand in the middle."""
APART = 30.0
"""Px that picture, sentences and what is saved stand further apart at most where the wiring beside them is higher."""
SPARE, BROAD_SHIFT = 16.0, 44.0
"""Px that wiring may have less than its room, and that pictures beside it stand lower at most."""

NEXT = 14.0
"""Px from the end of sentences to where a next line would end, less what hangs under them."""
TAIL = 2.0
"""Px from the end of sentences to where they are taken to end."""
LOWEST = 42.0
"""Px under the wiring beside pictures at most."""
MOST_SPARE, BETWEEN_BOTH, UNDER_BOTH = 130.0, 40.0, 16.0
"""Px that a plate without wiring is higher than it must be, and that sentences stand under their picture, at most.

Where all is said, no more than so much stays empty under both.
"""
LOOSE = 70.0
"""Px to spare from which what stands over wiring moves further down."""
BETWEEN = 4.0
"""Px that sentences and the wiring under them stand further apart at most."""


@dataclass(frozen=True, slots=True)
class Told:
    """What leads, with what the page knows of it."""

    hero: Hero
    plan: Plan
    note: str = ""  # what the ancestor did in its place
    saved: Saving | None = None
    full: bool = False
    split: bool = False  # whether its indexer has an inset of its own
    unwired: bool = False  # whether its wiring is drawn elsewhere, or not at all
    rowless: bool = (
        False  # whether what it saves has no row of its own, as on a page without height to spare
    )

    @property
    def colour(self) -> Tone:
        """Its colour; wiring is drawn in ink."""
        return tone(self.hero.colour)

    @property
    def is_new(self) -> bool:
        """Whether its ancestor lacks something of it that tells, or that its note tells."""
        return self.hero.is_new or bool(self.hero.new and self.note)

    @property
    def wiring(self) -> Use | None:
        """The use whose inside is drawn: none where a picture shows it, unless all is said."""
        shown = not self.full and any(panel.whole for panel in panels_of(self.hero))
        return None if shown or self.unwired else self.hero.wiring


def forms(told: Told) -> tuple[Form, ...]:
    """The ways to draw it in a column or on a page; on a phone it is stacked."""
    apart = told.wiring is None or len(panels_of(told.hero)) == 2
    return ("apart",) if apart else ("beside", "below")


class Plate(NamedTuple):
    """A plate, px from its upper edge to where it has told what leads, and px across and down that stay empty there."""

    picture: Picture
    told: float
    empty: tuple[float, float] = (0.0, 0.0)


def picture(told: Told, wide: float, form: Form) -> Picture:
    """The plate at a width, as high as it must be."""
    return plate(told, wide, form).picture


def plate(told: Told, wide: float, form: Form, least: float = 0.0, reach: float = inf) -> Plate:
    """The plate at a width, `least` px high: what is spare goes to the gaps, as far as a first screen may `reach`."""
    sheet = Sheet()
    if told.rowless and form != "beside":
        told = replace(told, saved=None)
    y = title(sheet, told, wide)
    size = _Size(wide, least, reach - y)
    if form == "apart":
        return _apart(sheet, told, y, size)
    if form == "beside":
        return _beside(sheet, told, y, size)
    if form == "below":
        return _below(sheet, told, y, size)
    return _over(sheet, told, y, wide)


class _Size(NamedTuple):
    """Px of a plate across, down at least, and from its title to the end of the first screen."""

    wide: float
    least: float
    reach: float


def on_plate(sheet: Sheet, told: Told, wide: float, high: float) -> Picture:
    """All of it on the tinted plate that it stands on."""
    fill, (edge, line) = f"{told.colour}.tint", outline(told.colour, new=told.is_new)
    ground = Box(0, 0, wide, high, fill=fill, edge=edge, radius=10, open=True, ground=True)
    ground.line = line
    sheet.shapes = [ground, *sheet.shapes]
    return sheet.picture(wide, high)


def _body(told: Told, wide: float) -> Picture | None:
    """Its wiring, so wide."""
    if (use := told.wiring) is None:
        return None
    sized = sized_inset(use, told.plan, wide, told.full, split=told.split, pictured=True)
    return sized.inset.body


def _over(sheet: Sheet, told: Told, y: float, wide: float) -> Plate:
    """Pictures, sentences, wiring, from the top down."""
    low = stacked(sheet, panels_of(told.hero), y, wide)
    body, high = _body(told, wide), low + 4
    if body is not None:
        sheet.hold(0, low - 6, body)
        high = low - 6 + body.height + 14
    return Plate(on_plate(sheet, told, wide, high), low)


def _beside(sheet: Sheet, told: Told, y: float, size: _Size) -> Plate:
    """Pictures and sentences left of the wiring; what is saved under the sentences, else under both."""
    wide, least, reach = size
    share = SHARE if any(panel.draw for panel in panels_of(told.hero)) else SPOKEN
    part, left = Sheet(), share * wide
    low = stacked(part, panels_of(told.hero), 0, left) - 12
    body = _body(told, wide - left)
    inner = 0.0 if body is None else body.height
    row = _row_high(told, wide)
    shift = BROAD_SHIFT
    spare = max(inner, least - y - 14) - low - PAIR
    # Under the sentences it takes no height: a plate that is made higher gets a row for it only where that fits.
    deep = (spare > DEEP and least >= y + inner + 14 + row) or inner - low - PAIR > DEEP
    if (
        told.saved is not None
        and (row or told.rowless)
        and inner - low >= PAIR - SPARE
        and 16 + drums.stacked_wide(told.saved) <= left
        and low + PAIR <= reach + TAIL
        and not deep
    ):
        over = max(0.0, min(APART, spare / 4, (reach - low - PAIR) / 3))
        part = Sheet()
        low = stacked(part, panels_of(told.hero), 0, left, over) - 12 + over
        drums.compared(part, told.saved, told.colour, 16, low + 10, left - 38)
        low, row, shift = low + PAIR, 0.0, 2.0 + over
    high = max(y + max(low, inner) + 14 + row, least)
    room = high - y - 14 - row
    if room - low > DEEP:
        shift = room  # in the middle
    shift = min(shift, (room - low) / 2, max(0.0, reach - low + TAIL))
    sheet.place(part, 0, y + shift)
    if row:
        _row(sheet, told, high - row, wide)
    if body is not None:
        _centre(sheet, body, left, y, room)
    empty = left, room - low - shift
    return Plate(on_plate(sheet, told, wide, high), y + shift + low - TAIL, empty)


def _centre(sheet: Sheet, body: Picture, left: float, y: float, room: float) -> None:
    """The wiring in the middle of its room or lower, its gaps spread where that is much higher."""
    if room - body.height > SPARE:
        body = spread(body, room - body.height - SPARE)
    rest = room - body.height
    sheet.hold(left, y + max(rest / 2, rest - LOWEST), body)


def _below(sheet: Sheet, told: Told, y: float, size: _Size) -> Plate:
    """Pictures over the sentences and what is saved, the wiring under a rule."""
    wide, least, reach = size
    panel = panels_of(told.hero)[0]
    part = Sheet()
    if panel.broad or panel.draw is None:
        low = 0.0 if panel.draw is None else panel.draw(part, wide, 4) + 18
        low = _words(part, told, panel, 16, low + (14 if panel.draw is None else 0), wide - 32)
    else:
        low = _pictured(part, told, wide)
    body = _body(told, min(wide, TWO - 1))
    inner = 0.0 if body is None else body.height
    natural = y + low + 6 + inner + 10
    if body is not None and least - natural > 2 * SPARE:
        body = spread(body, least - natural - 2 * SPARE)
        natural += body.height - inner
    high = max(natural, least)
    spare = high - natural
    most, share = (16.0, 3) if spare < LOOSE else (52.0, 2)
    gap = min(most, spare / share, max(0.0, reach - low))
    sheet.place(part, 0, y + gap)
    between = min(gap, BETWEEN)
    rule = y + low - 2 + gap + between / 2
    sheet.rule(Point(16, rule), Point(wide - 16, rule), role=f"{told.colour}.edge")
    if body is not None:
        lower = min(5.0, (spare - gap) / 3)
        up = 1 if told.full else 6  # the arrow out is long there
        sheet.hold((wide - body.width) / 2, rule + up + between / 2 + lower, body)
    return Plate(on_plate(sheet, told, wide, high), rule - 8)


def _words(
    sheet: Sheet, told: Told, panel: Panel, x: float, y: float, room: float, *, under: bool = False
) -> float:
    """The sentences, and drums beside or under them; gives back where they end."""
    saved = told.saved
    if saved is None:
        return prose(sheet, x, y, room, panel.words, WORDS)
    trial = drums.pair(Sheet(), saved, told.colour, 0, 0)
    if under or trial + 280 > room:
        y = prose(sheet, x, y, room, panel.words, WORDS)
        if trial - 22 <= room:
            drums.pair(sheet, saved, told.colour, x, y - 10)
            return y + 93
        return y
    right = room - trial + 22
    end = prose(sheet, x, y, right - 24, panel.words, WORDS)
    drums.pair(sheet, saved, told.colour, x + right, y - 22)
    return max(end, y + 82)


def _apart(sheet: Sheet, told: Told, y: float, size: _Size) -> Plate:
    """Pictures side by side with their sentences, a rule between them; one alone takes all the width."""
    wide, least, reach = size
    shown = panels_of(told.hero)
    row = _row_high(told, wide)
    if len(shown) == 1 and shown[0].draw is not None and not shown[0].broad:
        return _alone(sheet, told, y, size)
    each = wide / len(shown)
    low = max(stacked(Sheet(), [panel], 4, each) for panel in shown)
    reach += NEXT
    spare = min(MOST_SPARE, max(0.0, least - y - low - 4 - row))
    between = min(BETWEEN_BOTH, max(0.0, spare - 60.0), max(0.0, reach - low))
    high = y + low + 4 + row + spare
    shift = min(30.0 + between / 3, (spare - between) / 2, max(0.0, reach - low - between))
    if told.full and (under := spare - between - shift - UNDER_BOTH) > 0:
        more = min(under, max(0.0, reach - low - between - shift))
        between, shift, high = between + more / 2, shift + more / 2, high - under + more
    for index, panel in enumerate(shown):
        part = Sheet()
        stacked(part, [panel], 4, each, between)
        sheet.place(part, index * each, y + shift)
        if index:
            ends = Point(index * each, y + 8), Point(index * each, high - row - 12)
            sheet.rule(*ends, role=f"{told.colour}.edge")
    _row(sheet, told, high - row, wide)
    return Plate(on_plate(sheet, told, wide, high), y + shift + between + low - NEXT)


def _alone(sheet: Sheet, told: Told, y: float, size: _Size) -> Plate:
    """One picture beside its sentences."""
    wide, least, reach = size
    part, row = Sheet(), _row_high(told, wide)
    low = _pictured(part, replace(told, saved=None), wide)
    high = max(y + low + 14 + row, least)
    shift = min(BROAD_SHIFT, (high - row - y - 4 - low) / 2, max(0.0, reach - low))
    sheet.place(part, 0, y + shift)
    _row(sheet, told, high - row, wide)
    return Plate(on_plate(sheet, told, wide, high), y + shift + low)


def _pictured(part: Sheet, told: Told, wide: float) -> float:
    """A picture with its sentences and what is saved at its right; gives back where they end."""
    panel, left, spoken = panels_of(told.hero)[0], SHARE * wide, Sheet()
    assert panel.draw is not None
    drawn = panel.draw(part, left, 0)
    end = _words(spoken, told, panel, 0, 18, wide - left - 32, under=True)
    part.place(spoken, left + 16, max(0.0, (drawn - end) / 2 - 8))
    return max(drawn, end)


def _row_high(told: Told, wide: float) -> float:
    """Px that the row of costs takes."""
    if told.saved is None or told.rowless or drums.drums_wide(told.saved) > wide - 32:
        return 0.0
    return 76.0


def _row(sheet: Sheet, told: Told, y: float, wide: float) -> None:
    """What is kept, and what would be."""
    if told.saved is None or not _row_high(told, wide):
        return
    sheet.rule(Point(16, y), Point(wide - 16, y), role=f"{told.colour}.edge")
    drums.drums(sheet, told.saved, told.colour, 16, y + 14, wide - 32)


def title(sheet: Sheet, told: Told, wide: float, name: str = "") -> float:
    """Its name, in which layers it is, and what is new; gives back where the next thing may begin."""
    colour, hero = told.colour, told.hero
    name = name or hero.title
    sheet.put(square(16, 15, f"{colour}.solid", 12))
    name, beside = heading(name, hero.named, told.plan.naming)
    room = wide - 60 - TAG_WIDTH * told.is_new
    words, size = titled(name, beside, room, (18.0, 17.0, 16.0, 15.0))
    # What the ancestor did comes before the field's name of what stands in the strip, too.
    place = where(hero.layers, told.plan.depth) if hero.layers else "before the layers"
    bare, large = titled(name, "", room, (18.0, 17.0, 16.0, 15.0))
    taken, least = width(words, size, 600) + 16, width(bare, large, 600) + 16
    noted = width(told.note, 13) if told.note and hero.is_new else 0.0
    lost = taken + width(place, 13) <= room < taken + noted
    if lost and least + noted <= room and all(block.mixes for block in hero.named):
        words, size = bare, large
    named = sheet.label(38, 27, words, size=size, weight=600, role=f"{colour}.text")
    end = named.bounds.right
    if told.is_new:
        end = tag(sheet, end + 10, 27 - 0.36 * size).right
    room = wide - 16 - end - 24
    both = f"{place}; {told.note}" if told.note else place
    for note in (both, told.note, place):
        if note and width(note, 13) <= room:
            sheet.label(wide - 16, 26, note, size=13, anchor="end")
            return 44.0
    y = 46.0
    for line in lines(both, wide - 54, 13):
        sheet.label(38, y, line, size=13)
        y += 18
    return y - 2


def stacked(
    sheet: Sheet, shown: Iterable[Panel], y: float, wide: float, between: float = 0.0
) -> float:
    """Each picture with its sentences under it, so many px further down than they must be."""
    for panel in shown:
        y = (y if panel.draw is None else panel.draw(sheet, wide, y)) + 20 + between
        y = prose(sheet, 16, y, wide - 32, panel.words, WORDS) + 4
    return y
