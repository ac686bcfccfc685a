"""The panels between: what leads the model's figure, seen at work, and the choice of experts where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.prose import lines
from llm_gallery.figure.lead.panels import panels_of
from llm_gallery.figure.pictures import Draw, Panel
from llm_gallery.figure.steps.step import ROOM, SIZE, WIDE, Step
from llm_gallery.novelty.leading import Hero

MOST = 3
"""Panels."""
MOST_LINES = 6
"""Lines of the sentences that a panel takes over."""


def inside(heroes: Sequence[Hero]) -> Iterator[Step]:
    """The leading mechanism in one or two panels, the token mixer, and the choice of experts: three panels at most."""
    drawn = [hero for hero in heroes if any(panel.draw for panel in panels_of(hero, drawn=True))]
    blocks = [(index, hero.variants[0].block) for index, hero in enumerate(drawn) if hero.variants]
    tokens = [index for index, block in blocks if block.mixes_tokens][:1]
    routed = [index for index, block in blocks if block.is_mixture][:1]
    first = [index for index in range(len(drawn[:1])) if index not in routed]
    chosen = dict.fromkeys([*first, *tokens, *routed])
    yield from [step for index in chosen for step in _steps(drawn[index])][:MOST]


def _steps(hero: Hero) -> Iterator[Step]:
    panels = [panel for panel in panels_of(hero, drawn=True) if panel.draw][:2]
    for panel in panels:
        if panel.draw is not None:
            part = hero.variants[0].path if hero.variants else ""
            yield Step(hero.title, partial(_draw, panel.draw), _shortened(panel), part=part)


def _draw(draw: Draw, sheet: Sheet, y: float) -> float:
    return draw(sheet, WIDE, y - 2)


def _shortened(panel: Panel) -> str:
    """As many of its sentences as have room, the first at least."""
    sentences = panel.words.replace(".* ", ".*\n").replace(". ", ".\n").split("\n")
    said = sentences[0]
    for sentence in sentences[1:]:
        longer = f"{said} {sentence}"
        if len(list(lines(longer, ROOM, SIZE))) > MOST_LINES:
            break
        said = longer
    return said
