"""The plate where what layers share leads: the strip large, a track for each shared thing, sentences under it."""

from __future__ import annotations

from llm_gallery.figure import pictures
from llm_gallery.figure.kit.accent import outline
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.prose import prose
from llm_gallery.figure.kit.shapes import Box
from llm_gallery.figure.lead import hero_plate
from llm_gallery.figure.lead.content import Content
from llm_gallery.figure.strip import depth_band
from llm_gallery.mechanisms.wording import sentences_of

SENTENCES = 3
"""Sentences, or what is said of each way to compress, that stand side by side."""


def put(sheet: Sheet, page: Content, left: float, top: float, wide: float) -> float:
    """Draws it from `top` down; gives back where it ends."""
    assert page.leads is not None
    told, plate, head = page.leads, Sheet(), Sheet()
    hero_plate.title(head, told, wide, f"{told.hero.title}, shared between layers")
    plate.place(head, left, top)
    _, low = depth_band.band(
        plate, page.architecture, page.plan, left + 16, left + wide - 16, top + 56,
        token=56, channel=15, large=True, full=page.full,
    )  # fmt: skip
    spoken = pictures.sentences(told.hero.variants, told.hero.new)
    if len(spoken) == 1:
        spoken = list(dict.fromkeys(sentences_of(spoken[0])))
    said = spoken[:SENTENCES]
    each = (wide - 32 + 24) / max(1, len(said))
    end = low
    for index, words in enumerate(said):
        x = left + 16 + index * each
        end = max(end, prose(plate, x, low + 20, each - 24, words, hero_plate.WORDS))
    colour, high = told.colour, end + 2 - top
    fill, (edge, line) = f"{colour}.tint", outline(colour, new=told.is_new)
    ground = Box(left, top, wide, high, radius=10, fill=fill, edge=edge, open=True, ground=True)
    ground.line = line
    sheet.put(ground, *plate.shapes)
    return top + high
