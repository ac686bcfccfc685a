"""What the mechanism that leads a figure saves of the cache, in a sentence: counted on the model itself, with and without."""

from __future__ import annotations

from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.units import binary
from llm_gallery.architecture.block import Block
from llm_gallery.figure.page.hero import Hero

WITHOUT = {
    "compressed-attention": "if every token were kept",
    "sliding-window-attention": "without windows",
    "chunked-attention": "without chunks",
    "shared-kv-cache": "with keys and values in every layer",
}
"""What the model is called without a concept whose saving no other sentence says, the most telling first."""
UNSTATED = 32_768
"""Tokens for which it is counted where the config states no context."""


def saving(hero: Hero, root: Block) -> str:
    """ "131,072 tokens take *10.4 GiB* of cache, 62 GiB without windows."; "" where nothing is saved."""
    length = root.number("context") if "context" in root.facts else UNSTATED
    built = cache(root).at(length)
    states = any(variant.block.recurs for variant in hero.variants)
    ways = {"hybrid": "with attention in every layer"} if states else WITHOUT
    for concept, words in ways.items():
        if not states and concept not in hero.concepts:
            continue
        other = without(root, concept)
        if other is not None and (whole := cache(other).at(length)) > built:
            return f"{length:,} tokens take *{binary(built)}* of cache, {binary(whole)} {words}."
    return ""
