"""The title image of a model, for pages that link to it: name, numbers and strip left, what leads as a plate right."""

from __future__ import annotations

from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.prose import lines, prose
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.lead import drums, hero_plate
from llm_gallery.figure.lead.content import content
from llm_gallery.figure.lead.hero_plate import Told
from llm_gallery.figure.lead.panels import panels_of
from llm_gallery.figure.page import head, headline, overview
from llm_gallery.figure.strip.strip import SMALL
from llm_gallery.mechanisms.wording import sentences_of
from llm_gallery.plan.block_names import layers
from llm_gallery.plan.heading import GALLERY, Heading
from llm_gallery.plan.plan import Plan

WIDTH, HEIGHT = 800.0, 420.0
"""Px: what links to a page shows 1,200 × 630, so a device has one and a half to each."""
EDGE, LEFT, ROOM = 24.0, 32.0, 328.0
"""Px around the plate, left of the words, and across them."""
NAMES = (38.0, 34.0, 31.0, 28.0, 26.0, 24.0)
"""Px of the type of a name."""
MOST, ACROSS, DOWN = 4, 168.0, 56.0
"""Numbers at most, and px from one to the next."""
NUMBER, CAPTION = (26.0, 24.0, 22.0, 20.0), (13.0, 12.5, 12.0, 11.5, 11.0)
LAYERS, TRACKS = 278.0, (44.0, 12.0)
"""Baseline over the strip, and px of its tracks."""
FINEST = SMALL / 1.5
"""Px of a layer from which its bar has a shape: as many device pixels as on a card."""
FOOT = 388.0
"""Baseline of what it is a part of."""
WORDS = 15.0
"""Px of the sentences' type."""
PAIR = 92.0
"""Px of what is saved, its caption included."""


def title(architecture: Architecture, heading: Heading, plan: Plan) -> Picture:
    """The whole image; the exact numbers of the figure's head."""
    sheet, root = Sheet(), architecture.root
    if words := " · ".join(filter(None, (heading.maker, heading.month))):
        sheet.fitted(LEFT, 48, words, ROOM, (14.0, 13.0, 12.0))
    low = head.name(sheet, heading.line, LEFT, 90, ROOM, NAMES)
    _numbers(sheet, root, low + 54)
    sheet.label(LEFT, LAYERS, layers(plan.depth), size=14, weight=600, role="ink")
    overview.unit(sheet, plan, LEFT + ROOM, LAYERS)
    token, channel = TRACKS
    overview.depth_strip(
        sheet, root, plan, ROOM, LEFT, LAYERS + 10, token=token, channel=channel, joined=FINEST
    )
    sheet.label(LEFT, FOOT, GALLERY, size=12)
    leads = content(architecture, heading, plan, split=False).leads
    x = LEFT + ROOM + EDGE
    if leads is not None:
        sheet.hold(x, EDGE, plate(leads, WIDTH - EDGE - x, HEIGHT - 2 * EDGE))
    return sheet.picture(WIDTH, HEIGHT)


def _numbers(sheet: Sheet, root: Block, y: float) -> None:
    """Up to four, two beside each other."""
    for index, one in enumerate(headline.fewer(headline.numbers(root), MOST)):
        x, at = LEFT + ACROSS * (index % 2), y + DOWN * (index // 2)
        room = ROOM - ACROSS if index % 2 else ACROSS - 14
        sized = ((size, headline.amount(one.shown, size)) for size in NUMBER)
        fits = (each for each in sized if width(each[1], each[0], 600) <= room)
        size, shown = next(fits, (NUMBER[-1], headline.amount(one.shown, NUMBER[-1])))
        sheet.label(x, at, shown, size=size, weight=600, role="ink")
        sheet.fitted(x, at + 18, one.caption, room, CAPTION)


def plate(told: Told, wide: float, high: float) -> Picture:
    """What leads: its picture, as many sentences as there is room for, and what it saves where that fits too."""
    sheet = Sheet()
    top = hero_plate.title(sheet, told, wide)
    panel = panels_of(told.hero)[0]
    drawn = Sheet()
    picture = 0.0 if panel.draw is None else panel.draw(drawn, wide, 0)
    said, room = sentences_of(panel.words), wide - 32
    saved = told.saved
    if saved is not None and drums.pair(Sheet(), saved, told.colour, 0, 0) - 22 > room:
        saved = None
    # The form that says most first; of a picture too high for words, none.
    counts = range(len(said), -1, -1)
    forms = [(count, True) for count in counts if count and saved is not None]
    for count, pair in (*forms, *((count, False) for count in counts)):
        words = " ".join(said[:count])
        parts = [picture] if picture else []
        if words:
            parts.append(len(lines(words, room, WORDS)) * _LEADING)
        if pair:
            parts.append(PAIR)
        free = high - top - sum(parts)
        if free >= 6 * (len(parts) + 1):
            break
    else:
        words, pair, free = "", False, high - top - picture
    gap = min(MOST_GAP, free / (len(parts) + 1))
    y = top + (free - gap * (len(parts) - 1)) / 2
    if picture:
        sheet.place(drawn, 0, y)
        y += picture + gap
    if words:
        y = prose(sheet, 16, y + WORDS - 1, room, words, WORDS) - WORDS + 1 + gap
    if pair and saved is not None:
        drums.pair(sheet, saved, told.colour, 16, y)
    return hero_plate.on_plate(sheet, told, wide, high)


_LEADING = 1.38 * WORDS
MOST_GAP = 34.0
"""Px between picture, words and what is saved at most."""
