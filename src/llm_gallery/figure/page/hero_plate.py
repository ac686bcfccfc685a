"""The plate of what leads: title, pictures with their sentences, what it saves, and its wiring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Inset, Picture, Point
from llm_gallery.figure.kit.signs import square
from llm_gallery.figure.kit.spreading import spread
from llm_gallery.figure.kit.text import fitting, width
from llm_gallery.figure.page import kept
from llm_gallery.figure.page.hero import Hero
from llm_gallery.figure.page.insets import SizedInset, sized_inset, where
from llm_gallery.figure.page.kept import Saving
from llm_gallery.figure.page.pictures import Panel
from llm_gallery.figure.page.prose import lines, prose
from llm_gallery.figure.plan.plan import Plan
from llm_gallery.mechanisms.colour import Colour

Form = Literal["stacked", "beside", "below", "apart"]
"""Pictures over the wiring, left of it, over it with the sentences beside them, or side by side without it."""
TWO, ONE = 640.0, 440.0
"""Px from which pictures stand beside the wiring, and from which sentences stand beside what is saved."""
WORDS = 14.5
"""Px of the sentences' type."""
SHARE, SPOKEN = 0.46, 0.34
"""Share of the plate that pictures take beside the wiring, or sentences alone."""
PAIR = 106.0
"""Px that what is saved takes under the sentences."""
DEEP = 170.0
"""Px without ink under the sentences from which they stand in the middle."""
SPARE, BROAD_SHIFT = 16.0, 44.0
"""Px that wiring may have less than its room, and that pictures beside it stand lower at most."""

LOWEST = 42.0
"""Px under the wiring beside pictures at most."""
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

    @property
    def colour(self) -> Colour:
        """Its colour."""
        return self.hero.colour


def forms(told: Told, wide: float) -> tuple[Form, ...]:
    """The ways to draw it at a width."""
    if wide < ONE:
        return ("stacked",)
    if told.hero.wiring is None or (wide >= TWO and len(told.hero.panels) == 2):
        return ("apart",)
    if len(told.hero.panels) == 2:
        return ("stacked",)
    return ("beside", "below") if wide >= TWO else ("below",)


def picture(told: Told, wide: float, form: Form, least: float = 0.0) -> Picture:
    """The plate at a width, `least` px high: what is spare goes to the gaps."""
    sheet = Sheet()
    y = title(sheet, told, wide)
    if form == "apart":
        return _apart(sheet, told, y, wide, least)
    if form == "beside":
        return _beside(sheet, told, y, wide, least)
    if form == "below":
        return _below(sheet, told, y, wide, least)
    return _over(sheet, told, y, wide)


def _plate(
    sheet: Sheet, told: Told, wide: float, high: float, *inside: tuple[Point, Picture]
) -> Picture:
    """All of it on the tinted plate that it stands on."""
    fill, edge = f"{told.colour}.tint", f"{told.colour}.edge"
    ground = Box(0, 0, wide, high, fill=fill, edge=edge, radius=10, open=True, ground=True)
    return Picture(width=wide, height=high, shapes=(ground, *sheet.shapes), inside=inside)


def _body(told: Told, wide: float) -> Picture | None:
    """Its wiring, so wide."""
    use = told.hero.wiring
    return (
        None
        if use is None
        else sized_inset(use, told.plan, wide, told.full, split=told.split).inset.body
    )


def _over(sheet: Sheet, told: Told, y: float, wide: float) -> Picture:
    """Pictures, sentences, wiring, from the top down."""
    low = _stacked(sheet, told.hero.panels, y, wide)
    body = _body(told, wide)
    if body is None:
        return _plate(sheet, told, wide, low + 4)
    high = low - 6 + body.height + 14
    return _plate(sheet, told, wide, high, (Point(0, low - 6), body))


def _beside(sheet: Sheet, told: Told, y: float, wide: float, least: float) -> Picture:
    """Pictures and sentences left of the wiring; what is saved under the sentences, else under both."""
    left = (SHARE if any(panel.draw for panel in told.hero.panels) else SPOKEN) * wide
    part, body = Sheet(), _body(told, wide - left)
    low = _stacked(part, told.hero.panels, 0, left) - 12
    inner = 0.0 if body is None else body.height
    row = _row_high(told, wide)
    shift = BROAD_SHIFT
    if row and inner - low >= PAIR:
        _paired(part, told, low, left)
        low, row, shift = low + PAIR, 0.0, 2.0
    high = max(y + max(low, inner) + 14 + row, least)
    room = high - y - 14 - row
    if room - low > DEEP and row == 0:
        shift = room  # in the middle
    sheet.place(part, 0, y + min(shift, (room - low) / 2))
    if row:
        _row(sheet, told, high - row, wide)
    return _plate(sheet, told, wide, high, *_centred(body, left, y, room))


def _paired(part: Sheet, told: Told, low: float, left: float) -> None:
    """Puts what is saved under the sentences, side by side if there is room."""
    assert told.saved is not None
    if kept.pair(Sheet(), told.saved, told.colour, 16, 0) > left:
        part.label(16, low + 16, told.saved.caption, size=13, weight=600, role="ink")
        kept.stacked(part, told.saved, told.colour, 16, low + 21)
    else:  # over its own caption
        kept.pair(part, told.saved, told.colour, 16, low + 10)


def _centred(
    body: Picture | None, left: float, y: float, room: float
) -> tuple[tuple[Point, Picture], ...]:
    """The wiring in the middle of its room or lower, its gaps spread where that is much higher."""
    if body is None:
        return ()
    if room - body.height > SPARE:
        body = spread(body, room - body.height - SPARE)
    rest = room - body.height
    return ((Point(left, y + max(rest / 2, rest - LOWEST)), body),)


def _below(sheet: Sheet, told: Told, y: float, wide: float, least: float) -> Picture:
    """Pictures over the sentences and what is saved, the wiring under a rule."""
    panel = told.hero.panels[0]
    part = Sheet()
    broad = panel.broad or panel.draw is None or wide < TWO
    if broad:
        low = 0.0 if panel.draw is None else panel.draw(part, wide, 4) + 18
        low = _words(part, told, panel, 16, low + (14 if panel.draw is None else 0), wide - 32)
    else:
        left = SHARE * wide
        assert panel.draw is not None
        drawn = panel.draw(part, left, 0)
        spoken = Sheet()
        end = _words(spoken, told, panel, 0, 18, wide - left - 32, under=True)
        part.place(spoken, left + 16, max(0.0, (drawn - end) / 2 - 8))
        low = max(drawn, end)
    body = _body(told, min(wide, TWO - 1))
    inner = 0.0 if body is None else body.height
    natural = y + low + 6 + inner + 10
    if body is not None and least - natural > 2 * SPARE:
        body = spread(body, least - natural - 2 * SPARE)
        natural += body.height - inner
    high = max(natural, least)
    gap = min(16.0, (high - natural) / 3)
    sheet.place(part, 0, y + gap)
    between = min(gap, BETWEEN)
    rule = y + low - 2 + gap + between / 2
    sheet.rule(Point(16, rule), Point(wide - 16, rule), role=f"{told.colour}.edge")
    inside: tuple[tuple[Point, Picture], ...] = ()
    if body is not None:
        at = Point((wide - body.width) / 2, rule + 6 + between / 2)
        inside = ((at, body),)
    return _plate(sheet, told, wide, high, *inside)


def _words(
    sheet: Sheet, told: Told, panel: Panel, x: float, y: float, room: float, *, under: bool = False
) -> float:
    """The sentences, and drums beside or under them; gives back where they end."""
    saved = told.saved
    if saved is None:
        return prose(sheet, x, y, room, panel.words, WORDS)
    trial = kept.pair(Sheet(), saved, told.colour, 0, 0)
    if under or trial + 280 > room:
        y = prose(sheet, x, y, room, panel.words, WORDS)
        if trial - 22 <= room:
            kept.pair(sheet, saved, told.colour, x, y - 10)
            return y + 93
        return y
    right = room - trial + 22
    end = prose(sheet, x, y, right - 24, panel.words, WORDS)
    kept.pair(sheet, saved, told.colour, x + right, y - 22)
    return max(end, y + 82)


def _apart(sheet: Sheet, told: Told, y: float, wide: float, least: float) -> Picture:
    """Pictures side by side with their sentences, a rule between them; one alone takes all the width."""
    shown = told.hero.panels
    each, lows, parts = wide / len(shown), [], []
    for panel in shown:
        part = Sheet()
        lows.append(_stacked(part, [panel], 4, each))
        parts.append(part)
    low, row = max(lows), _row_high(told, wide)
    high = max(y + low + 4 + row, least)
    shift = min(30.0, (high - row - y - 4 - low) / 2)
    for index, part in enumerate(parts):
        sheet.place(part, index * each, y + shift)
        if index:
            ends = Point(index * each, y + 8), Point(index * each, high - row - 12)
            sheet.rule(*ends, role=f"{told.colour}.edge")
    _row(sheet, told, high - row, wide)
    return _plate(sheet, told, wide, high)


def _row_high(told: Told, wide: float) -> float:
    """Px that the row of costs takes."""
    if told.saved is None or kept.drums_wide(told.saved) > wide - 32:
        return 0.0
    return 76.0


def _row(sheet: Sheet, told: Told, y: float, wide: float) -> None:
    """What is kept, and what would be."""
    if told.saved is None or not _row_high(told, wide):
        return
    sheet.rule(Point(16, y), Point(wide - 16, y), role=f"{told.colour}.edge")
    kept.drums(sheet, told.saved, told.colour, 16, y + 14, wide - 32)


def title(sheet: Sheet, told: Told, wide: float, name: str = "") -> float:
    """Its name, in which layers it is, and what is new; gives back where the next thing may begin."""
    colour, hero = told.colour, told.hero
    name = name or hero.title
    sheet.put(square(16, 15, f"{colour}.solid", 12))
    size = fitting(name, wide - 60, (18.0, 17.0, 16.0, 15.0), 600)
    named = sheet.label(38, 27, name, size=size, weight=600, role=f"{colour}.text")
    place = where(hero.layers, told.plan.depth) if hero.layers else "before the layers"
    room = wide - 16 - named.bounds.right - 24
    both = f"{place}; {told.note}" if told.note else place
    for words in (both, told.note, place):
        if words and width(words, 13) <= room:
            sheet.label(wide - 16, 26, words, size=13, anchor="end")
            return 44.0
    y = 46.0
    for line in lines(both, wide - 54, 13):
        sheet.label(38, y, line, size=13)
        y += 18
    return y - 2


def _stacked(sheet: Sheet, shown: Iterable[Panel], y: float, wide: float) -> float:
    """Each picture with its sentences under it."""
    for panel in shown:
        y = (y if panel.draw is None else panel.draw(sheet, wide, y)) + 20
        y = prose(sheet, 16, y, wide - 32, panel.words, WORDS) + 4
    return y


def as_inset(told: Told, wide: float, *, pictured: bool = True) -> SizedInset:
    """What is told second: an inset like the others, with its picture and sentences over the wiring."""
    hero, sheet = told.hero, Sheet()
    use = hero.wiring
    if use is None:
        low = _stacked(sheet, hero.panels, 2, wide)
        body, colour = sheet.picture(wide, low), hero.colour
        note = told.note or where(hero.layers, told.plan.depth)
        return SizedInset(Inset(title=hero.title, note=note, mechanism=colour, body=body), wide)
    left = SHARE * wide if wide >= TWO else 0.0
    inner = sized_inset(
        use, told.plan, wide - left, told.full, together=True, split=told.split
    ).inset
    panels = hero.panels[:1]
    repeats = _repeats(hero) and not left
    drawn = [p if pictured and not repeats else p._replace(draw=None) for p in panels]
    if left:
        low = _stacked(sheet, drawn, 2, left)
        high = max(low, inner.body.height)
        part = Sheet()
        part.place(sheet, 0, (high - low) / 2)
        at = Point(left, (high - inner.body.height) / 2)
        body = Picture(
            width=wide, height=high, shapes=tuple(part.shapes), inside=((at, inner.body),)
        )
    else:
        low = _stacked(sheet, drawn, 2, wide) - 8
        body = Picture(
            width=wide,
            height=low + inner.body.height,
            shapes=tuple(sheet.shapes),
            inside=((Point(0, low), inner.body),),
        )
    note = told.note or inner.note
    return SizedInset(
        Inset(title=inner.title, note=note, mechanism=inner.mechanism, body=body), wide
    )


def under_picture(sized: SizedInset, panel: Panel) -> SizedInset:
    """An inset with a picture over its wiring."""
    sheet, inset = Sheet(), sized.inset
    low = _stacked(sheet, [panel], 2, sized.width) - 12
    body = Picture(
        width=sized.width,
        height=low + inset.body.height,
        shapes=tuple(sheet.shapes),
        inside=((Point(0, low), inset.body),),
    )
    return SizedInset(replace(inset, body=body), sized.width)


def _repeats(hero: Hero) -> bool:
    """Whether its wiring shows the same picture: a mixture's experts."""
    return hero.variants[0].block.is_mixture
