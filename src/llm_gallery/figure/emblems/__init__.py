"""Emblems: a small drawing without words for every concept, which shows its idea at one look."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from llm_gallery.concepts import Area, concepts
from llm_gallery.figure.emblems import (
    around,
    attention,
    embeddings,
    experts,
    mlp,
    norms,
    positions,
    recurrent,
    residual,
)
from llm_gallery.figure.emblems.ink import HIGH, WIDE, Emblem, Inks
from llm_gallery.figure.kit.shapes import Mark, Picture
from llm_gallery.mechanisms.colour import tone

BY_AREA: Mapping[Area, Mapping[str, Emblem]] = MappingProxyType(
    {
        "attention": attention.EMBLEMS,
        "positions": positions.EMBLEMS,
        "recurrent": recurrent.EMBLEMS,
        "experts": experts.EMBLEMS,
        "mlp": mlp.EMBLEMS,
        "norms": norms.EMBLEMS,
        "residual": residual.EMBLEMS,
        "embeddings": embeddings.EMBLEMS,
        "around": around.EMBLEMS,
    }
)
"""A module for each area of concepts, of its name."""


def emblem(concept_id: str) -> Picture | None:
    """The drawing of a concept, 160 × 90 px, in its mechanism's colours; None where there is none."""
    concept = concepts().get(concept_id)
    draw = None if concept is None else BY_AREA.get(concept.area, {}).get(concept_id)
    if concept is None or draw is None:
        return None
    ground = Mark(0, 0, f"h{WIDE:g}v{HIGH:g}h-{WIDE:g}z", fill=f"{concept.mechanism}.tint")
    marks = draw(Inks(tone(concept.mechanism)))
    return Picture(width=WIDE, height=HIGH, shapes=(ground, *marks))


__all__ = ["emblem"]
