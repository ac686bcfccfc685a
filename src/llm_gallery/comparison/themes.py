"""Changes by what they are about: attention, positions, experts, the residual stream, what stands at the ends, sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from llm_gallery.comparison.change import Change, once
from llm_gallery.mechanisms.facts import term

TITLES: Mapping[str, str] = {
    "attention": "Attention and state",
    "positions": "Positions",
    "experts": "Experts and MLP",
    "residual": "Residual stream",
    "ends": "Input and output",
    "sizes": "Sizes",
}
"""Themes in the order in which they are read."""
OF_ROLE = {"token_mixer": "attention", "channel_mixer": "experts", "model": "ends"}


def theme(change: Change) -> str:
    """What a change is about: a size is one wherever it is; what its fact's row says; else by its part."""
    if change.level == "scale":
        return "sizes"
    kind, _, name = change.key.rpartition(".")
    if change.about:
        return change.about
    known = term(name, kind)
    positions = "position" in known.follows
    return "positions" if positions else known.theme or OF_ROLE[change.role]


def themed(changes: Iterable[Change]) -> dict[str, list[str]]:
    """The words of all changes by the title of their theme, themes without any left out."""
    by_theme: dict[str, list[Change]] = {}
    for change in changes:
        by_theme.setdefault(theme(change), []).append(change)
    return {title: once(by_theme[key]) for key, title in TITLES.items() if key in by_theme}
