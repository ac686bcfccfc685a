"""The pictures of what leads, with their sentences: those of its mechanism, or of how its layers are put together."""

from __future__ import annotations

from functools import partial

from llm_gallery.figure import pictures
from llm_gallery.figure.pictures import Panel, branches, loops
from llm_gallery.novelty.arrangements import NormAfter, SideBySide
from llm_gallery.novelty.leading import Hero


def panels_of(hero: Hero) -> list[Panel]:
    """Its pictures, mostly one."""
    if hero.idea is None:
        return pictures.panels(hero.variants, hero.new)
    match hero.idea.arrangement:
        case SideBySide(columns, normed):
            draw = partial(branches.parallel, columns, normed)
        case NormAfter(before):
            draw = partial(branches.norms, before)
        case plan:
            draw = partial(loops.loops, plan)
    return [Panel(draw, hero.idea.words, True)]
