"""Where a newcomer begins: six models, chosen by hand, each the first widely known one with its idea."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from llm_gallery.architecture.block import Block, layers, walk
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.pictures.little import Inks, Pen, of_call
from llm_gallery.mechanisms import colour_of, concepts_of
from llm_gallery.site.contents import Site

SIDE = 36.0
"""Px of a milestone's picture."""


@dataclass(frozen=True, slots=True)
class Idea:
    """A model, what it is called here, what it brought, and the concept that its picture shows."""

    model: str
    name: str
    words: str
    concept: str


IDEAS = (
    Idea("gpt2-xl", "GPT-2 XL", "Attention and MLP", "multi-head-attention"),
    Idea("mixtral-8x7b", "Mixtral 8x7B", "A few experts run", "mixture-of-experts"),
    Idea("llama-3-8b", "Llama 3 8B", "Heads share keys", "grouped-query-attention"),
    Idea("deepseek-v3", "DeepSeek V3", "One latent for all", "multi-head-latent-attention"),
    Idea("qwen3-next-80b-a3b", "Qwen3-Next", "A state, not a cache", "gated-deltanet"),
    Idea("deepseek-v4-pro", "DeepSeek V4", "The past compressed", "compressed-attention"),
)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A model to start with, as the gallery shows it."""

    id: str
    name: str
    year: int
    words: str
    picture: Markup


def milestones(site: Site) -> Iterator[Milestone]:
    """Those that the catalog has, in the order of time."""
    by_id = {shown.id: shown for shown in site.models}
    for idea in IDEAS:
        if (shown := by_id.get(idea.model)) is not None:
            drawn = _picture(idea, shown.exhibit.root)
            shown.card_looks.update(drawn.looks(shown.card_looks))
            year = shown.exhibit.entry.released.year
            picture = Markup(drawn.inline(named=False))
            yield Milestone(idea.model, idea.name, year, idea.words, picture)


def _picture(idea: Idea, root: Block) -> Drawing:
    """The little picture of the concept, or of the first block that has it."""
    inside = (block for layer in layers(root) for _, block in walk(layer))
    block = next(block for block in inside if idea.concept in concepts_of(block))
    sheet, colour = Sheet(), colour_of(block)
    inks = Inks(f"{colour}.line", f"{colour}.edge")
    next(of_call(idea.concept, block))(Pen(sheet, 0, 0, SIDE, SIDE, inks), block)
    return Drawing(sheet.picture(SIDE, SIDE))
