"""What is new in what leads a figure: a note that says what the nearest earlier model did in its place."""

from __future__ import annotations

from collections.abc import Set

from llm_gallery.concepts import said_before, telling
from llm_gallery.novelty.leading import Hero
from llm_gallery.plan.heading import Heading


def note(hero: Hero, heading: Heading) -> str:
    """ "new here: DeepSeek V3.2 kept an entry for every token", "also in Qwen3.5 27B"; "" without an ancestor.

    Both follow from the concepts of the measured ancestor: what it is said to have done is what its
    concepts show, or that it lacks this one.
    """
    had = heading.inherited
    if had is None or not heading.ancestor or not hero.concepts:
        return ""
    if hero.concepts | hero.new <= had:
        return f"also in {heading.ancestor}"
    words = instead(hero, had)
    return f"new here: {heading.ancestor} {words}" if words else ""


def instead(hero: Hero, had: Set[str]) -> str:
    """What a model that `had` other concepts did: "attended in every layer"; "" where that isn't known."""
    return replaced(hero, had)[1]


def replaced(hero: Hero, had: Set[str]) -> tuple[str, str]:
    """The concept by which a hero is set against such a model, and what that did; both "" where nothing is known."""
    gated = any(variant.block.value("gated") for variant in hero.variants)
    for concept in sorted((hero.concepts | hero.new) - had, key=telling):
        if words := said_before(concept, had, gated=gated):
            return concept, words
    return "", ""
