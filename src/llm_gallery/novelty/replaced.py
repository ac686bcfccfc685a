"""What is new in what leads a figure: a note that says what the nearest earlier model did in its place."""

from __future__ import annotations

from collections.abc import Set

from llm_gallery.concepts import said_before, telling
from llm_gallery.novelty.leading import Hero
from llm_gallery.plan.heading import Heading


def note(hero: Hero, heading: Heading) -> str:
    """ "new here: DeepSeek V3.2 kept an entry for every token", "also in Qwen3.5 27B"; "" without an ancestor.

    It is about what leads, and nothing beside: what the measured ancestor is said to have done is what its
    concepts show, or that it lacks this one.
    """
    had = heading.inherited
    if had is None or not heading.ancestor or not hero.topic:
        return ""
    if hero.topic in had:
        return f"also in {heading.ancestor}"
    words = _instead(hero, hero.topic, had)
    return f"new here: {heading.ancestor} {words}" if words else f"not in {heading.ancestor}"


def replaced(hero: Hero, had: Set[str]) -> tuple[str, str]:
    """The concept by which a hero is set against such a model, and what that did; both "" where nothing is known."""
    lacking = sorted((hero.concepts | hero.new) - had, key=telling)
    for concept in sorted(lacking, key=lambda concept: concept != hero.topic):
        if words := _instead(hero, concept, had):
            return concept, words
    return "", ""


def _instead(hero: Hero, concept: str, had: Set[str]) -> str:
    """What a model that `had` other concepts did in its place; "" where that isn't known."""
    gated = any(variant.block.value("gated") for variant in hero.variants)
    return said_before(concept, had, gated=gated)
