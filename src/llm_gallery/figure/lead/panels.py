"""The pictures of what leads, with their sentences: those of its mechanism, or of how its layers are put together."""

from __future__ import annotations

from functools import partial

from llm_gallery.figure import pictures
from llm_gallery.figure.pictures import Panel, branches, loops
from llm_gallery.novelty.arrangements import NormAfter, SideBySide
from llm_gallery.novelty.leading import Hero


def panels_of(hero: Hero, *, drawn: bool = False) -> list[Panel]:
    """Its pictures, mostly one; one that is `drawn` is of the mechanism where none shows what it is told for."""
    if hero.idea is None:
        shown = pictures.panels(hero.variants, hero.new, hero.topic)
        if drawn and not any(panel.draw for panel in shown):
            return pictures.panels(hero.variants, hero.new)
        return shown
    match hero.idea.arrangement:
        case SideBySide(columns, normed):
            draw = partial(branches.parallel, columns, normed)
        case NormAfter(before):
            draw = partial(branches.norms, before)
        case plan:
            draw = partial(loops.loops, plan)
    return [Panel(draw, hero.idea.words, True)]
