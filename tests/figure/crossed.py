"""Made-up models from real parts: layers of up to three of the catalog's, in any number and order, run any number of times.

So whatever the catalog has meets whatever else it has: latent attention and states, indexers, compressed
entries, hyper-connections, memories, borrowed keys, parallel branches.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from llm_gallery.architecture.block import (
    Architecture,
    Block,
    distinct_layers,
    main_stack,
    model_parts,
)
from llm_gallery.architecture.parts import facts
from llm_gallery.catalog.family_members import members

DEPTHS = (1, 2, 3, 5, 7, 24, 36, 37, 61, 97, 126)
WILD = (500, 4096)


@cache
def donors() -> dict[tuple[object, ...], tuple[Architecture, ...]]:
    """The catalog's models by how their branches read and write the stream: only those mix."""
    found: dict[tuple[object, ...], list[Architecture]] = {}
    for member in members():
        root = member.architecture.root
        stack = main_stack(root)
        if stack is not None:
            wired = tuple(stack.value(name) for name in ("residual", "streams", "saved_every"))
            wired += tuple(root.value(name) for name in ("stream_scale", "residual_scale"))
            wired += (any(part.kind == "per_layer_embedding" for _, part in model_parts(root)),)
            found.setdefault(wired, []).append(member.architecture)
    return {wired: tuple(models) for wired, models in found.items()}


def crossed(seed: int, *, wild: bool = False) -> Architecture:
    """All that is outside the layers is the first model's; so is, where it is alone, its way to wire the stream.

    Up to 4 kinds of layers of up to 2 models, `wild` ones to 9 of 3 models, and thousands of layers.
    """
    chance = random.Random(seed)
    groups = tuple(donors().values())
    # What one model alone has comes up as often as if four had it.
    (alike,) = chance.choices(groups, weights=[3 + len(group) for group in groups])
    chosen = chance.sample(alike, min(len(alike), chance.randint(1, 3 if wild else 2)))
    kinds = [layer for one in chosen for layer in distinct_layers(one.root)]
    kinds = chance.sample(kinds, min(len(kinds), chance.randint(1, 9 if wild else 4)))
    depth = max(len(kinds), chance.choice((*DEPTHS, *WILD) if wild else DEPTHS))
    first = chosen[0]
    # Links name layers that stand elsewhere now.
    layers, passes = _ordered(chance, kinds, depth), chance.choice((1, 1, 1, 2, 13))
    normed = passes > 1 and chance.random() < 0.5
    root = with_layers(first.root, layers, passes=passes, normed=normed)
    return replace(first, root=root, links=())


def _ordered(chance: random.Random, kinds: Sequence[Block], depth: int) -> list[Block]:
    """A unit again and again with a head before it, blocks of a kind, or no order."""
    shape = chance.randint(0, 2)
    if shape == 0:
        unit = [kind for kind in kinds for _ in range(chance.randint(1, 5))]
        head = [kinds[-1]] * chance.randint(0, 3)
        return [*head, *(unit[i % len(unit)] for i in range(depth))][: max(depth, len(unit))]
    if shape == 1:
        return sorted((kinds[i % len(kinds)] for i in range(depth)), key=kinds.index)
    found = [*kinds, *(chance.choice(kinds) for _ in range(depth - len(kinds)))]
    chance.shuffle(found)
    return found


def with_layers(
    root: Block, layers: Sequence[Block], *, passes: int = 1, normed: bool = False
) -> Block:
    """The tree with other layers in its stack, which a token may run through several times."""
    stack = main_stack(root)
    again = facts(passes=passes, pass_norm=normed) if passes > 1 else {}

    def put(block: Block) -> Block:
        if block is stack:
            kept = {key: fact for key, fact in block.facts.items() if not key.startswith("pass")}
            return replace(block, facts={**kept, **again}, inside=tuple(layers))
        inside = tuple(map(put, block.inside))
        return replace(block, inside=inside) if inside != block.inside else block

    return put(root)
