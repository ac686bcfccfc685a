"""The guess at a config of unknown type: described as the family whose keys fit best, and every assumption marked.

A stand-in that exists is better than a generic decoder with switches: what it reads is checked as in
that family, and each fact says whether this config states it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from llm_gallery.architecture.block import Architecture, Block, walk
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.refusal import Refusal, printable, shown
from llm_gallery.families._config import read
from llm_gallery.families._links import links
from llm_gallery.families._nearest import Fit, fits, language_model
from llm_gallery.families._registry import function, keys, module_name, names

TRIES = 5
"""Families that may refuse the config's values before the guess is given up."""


def guess(raw: Mapping[str, Any]) -> Architecture:
    """An unknown config as the family that fits its keys best would have it.

    Raises Refusal where none fits, or where all that fit refuse the config's values.
    """
    said = printable(str(raw.get("model_type", "")))
    config, inner = language_model(raw)
    fit, root, unread, assumed = _described(config)
    doubted = _doubted(root, fit.family)
    return Architecture(
        said or fit.family,
        doubted,
        links(doubted),
        unread,
        tuple(sorted({*assumed, *_implied(root)})),
        tuple(_warnings(said, fit.family, inner)),
        fit.family,
    )


def _described(config: Mapping[str, Any]) -> tuple[Fit, Block, tuple[str, ...], tuple[str, ...]]:
    """The best family that takes the config's values, and what it left open."""
    ranked = fits(config)
    chosen = [fit for fit in ranked if fit.fits]
    named = module_name(str(config.get("model_type")))
    if named in names():
        chosen = [fit for fit in ranked if fit.family == named]
    refusals = []
    for fit in chosen[:TRIES]:
        try:
            c, reading = read(keys(fit.family), config)
            root = function(fit.family)(c)
        except Refusal as refusal:
            refusals.append(f"as {fit.family}, {refusal}")
            continue
        return fit, root, reading.unread, reading.assumed
    raise Refusal(f"it can't be guessed: {refusals[0] if refusals else _why(ranked)}")


def _why(ranked: list[Fit]) -> str:
    """What keeps the family with the most keys in common from standing in."""
    nearest = min(ranked, key=lambda fit: (-fit.read, len(fit.missing), len(fit.unread), fit.depth))
    lack = f"{', '.join(nearest.missing[:3])} missing" if nearest.missing else ""
    odd = f"{shown(nearest.unread[0])} unknown to it" if nearest.unread and not lack else ""
    return (
        f"no family reads its keys, expected those of a decoder (the nearest, {nearest.family}, "
        f"finds {lack or odd}); see docs/adding-a-family.md"
    )


def _warnings(said: str, family: str, inner: str) -> Iterator[str]:
    what = f"no family describes {shown(said)}" if said else "the config has no model_type"
    yield f"a guess: {what}, so this is what {family} would be with its keys"
    yield f"order and kind of norms, biases and names of tensors are {family}'s, not the config's"
    if inner:
        yield f"only the language model in {inner} is described; other parts are not"


def _doubted(root: Block, family: str) -> Block:
    """The tree with all that the stand-in's class implies as assumptions; equal layers stay one object."""
    made: dict[int, Block] = {}

    def doubted(block: Block) -> Block:
        if id(block) not in made:
            facts = {
                name: Fact(fact.value, "assumed", f"as in {family}")
                if fact.evidence == "implied"
                else fact
                for name, fact in block.facts.items()
            }
            inside = tuple(doubted(part) for part in block.inside)
            made[id(block)] = replace(block, facts=facts, inside=inside)
        return made[id(block)]

    return doubted(root)


def _implied(root: Block) -> Iterator[str]:
    """What only the stand-in's class says, as kind.fact; sizes follow from the config's."""
    for _, block in walk(root):
        for name, fact in block.facts.items():
            size = isinstance(fact.value, int) and not isinstance(fact.value, bool)
            if fact.evidence == "implied" and not size:
                yield f"{block.kind}.{name}"
