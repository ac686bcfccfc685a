"""Every wired fact of a model taken away, one after another: what its run gives without it.

A fact is wired where the run asks for it: a scale, a cap, a gate, a window, a rotation, a norm, a bias. Which
those are is what the run itself noted; written down here is only what a block is like without one, where that
isn't plainly to state nothing, and which facts are sizes, which arrays say too.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

from llm_gallery.architecture.block import Architecture, Block, tensors
from llm_gallery.architecture.kinds import kinds as every_kind
from llm_gallery.code.file import file_of
from llm_gallery.code.sources import home_of, source
from llm_gallery.code.supported import only_wired
from llm_gallery.mechanisms.forward._array import Array
from llm_gallery.running.run import Program

WIRED = tuple(filter(only_wired, every_kind()))
"""Kinds that need no forward."""
SIZES = frozenset(
    {
        "heads", "kv_heads", "noise_heads", "head_dim", "value_dim", "key_dim", "key_heads", "value_heads", "nope_dim", "rope_dim",
        "query_rank", "decay_rank", "gate_rank", "state_dim", "inner", "latent", "width", "vocabulary", "context",
        "tied", "head_bias", "layer", "layers", "kept", "channels", "unified_kv", "shared_kv",
        "shared_index", "selected", "residual", "streams", "ratio", "pooled", "lends", "lends_memory", "experts", "shared", "block_size", "overlapping", "hashed", "output_groups", "extent",
        "convolved_heads", "delayed", "identity_experts", "router_inner", "longest", "hash", "hashes", "shard_rows", "first_rows", "sizes", "read",
        "saved_every", "gate_of_latent", "query_of_both", "wrapped", "gathers", "head_experts", "convolved_apart", "steps",
        "state", "summed", "all_heads_normed", "value_experts", "lengths", "way", "vectors", "asked", "slots", "step_heads",
    }
)  # fmt: skip
"""What arrays and the tree say too: with another one, nothing fits."""
OF_PARTS = {"loop_passes", "normed_head", "low_runs", "pass_sums"}
"""What a model repeats of one of its parts."""
POSITIONS: Mapping[str, tuple[str, ...]] = {
    "attention": ("rope", "alibi"),
    "latent_attention": ("rope",),
    "lightning_attention": ("rope",),
}
"""What can be left out; compressed attention always turns."""
GATES = ("situ", "poly_norm")
"""Activations of gates alone."""


def _earlier(block: Block, value: int) -> int:
    """Another context before the extension; MiniCPM3's rotation has the same factors before and after it."""
    stretch = dict(block.settings.get("stretch") or {})
    if block.value("rope_scaling") != "longrope":
        return 64 * value
    return value if stretch["long_factor"] == stretch["short_factor"] else 8


OTHERWISE: Mapping[str, Callable[[Block, Any], Any]] = {
    "activation": lambda _, value: "relu" if value != "relu" else "silu",
    "begins": lambda _, value: value,  # a later pass without a first has nothing to begin with
    "clip": lambda *_: 0.01,
    "eps": lambda *_: 100,
    "delay": lambda _, value: 2 * value,
    "decay_divisor": lambda _, value: 2 * value,
    "end": lambda *_: -1,  # no token
    "feature_map": lambda _, value: "relu" if value != "relu" else "silu",
    "first_blocks": lambda *_: 0,
    "gain": lambda *_: 1,
    "gate": lambda block, _: None if block.attends else "silu",
    "gated": lambda block, value: value if block.value("activation") in GATES else None,
    "gate_softcap": lambda block, value: 100 * value if block.is_mlp else None,
    "groups": lambda block, value: None if block.is_mixture and value > 1 else value,
    "groups_used": lambda block, _: block.value("groups"),
    "hidden_clamp": lambda *_: 0.1,
    "inner_clamp": lambda *_: 0.01,
    "last_blocks": lambda _, value: value // 2,
    "least": lambda *_: 1,
    "magnitude": lambda _, value: 2 * value,
    "norm_groups": lambda _, value: None if value > 1 else value,
    "offset": lambda *_: 0,
    "original_context": lambda block, value: _earlier(block, value),
    "position": lambda block, value: "none" if value in POSITIONS.get(block.kind, ()) else value,
    "rope_base": lambda *_: 2,  # so that slow pairs turn too
    "rope_factor": lambda *_: 1,
    "rounds": lambda *_: 1,
    "rotated": lambda block, value: (
        value
        if any(tensor.role == "speeds" for tensor in block.tensors)
        else block.value("head_dim")
    ),
    "scale_dim": lambda *_: 1,
    **dict.fromkeys(
        ("gate_unit", "query_unit", "rate_unit", "scale_unit"), lambda _, value: 2 * value
    ),
    "scoring": lambda block, value: (
        value if "sparsemixer" in block.settings else "sigmoid" if value == "softmax" else "softmax"
    ),
    "sparse_block": lambda _, value: value + 1,
    "sparse_blocks": lambda _, value: value - 1,
    "sparse_every": lambda _, value: 2 * value,
    "sparse_local": lambda _, value: value + 1,
    "sparse_means": lambda _, value: 2 * value,
    "sparse_patterns": lambda *_: 1,
    "sparse_seen": lambda _, value: value + 1,
    "sparse_stride": lambda *_: 1,  # every block
    "sparsemixer": lambda *_: 0,
    "stretch": lambda _, value: {name: _other(number) for name, number in value.items()},
    "summand": lambda _, value: value + 1,
    "taps": lambda _, value: value,
    "temperature": lambda _, value: 2 * value,
    "temperature_after": lambda _, value: value,  # the other sorts are of other facts
    "temperature_from": lambda *_: 0,
    "temperature_smooth": lambda _, value: value,
    "temperature_power": lambda _, value: 2 * value,
    "temperature_length": lambda _, value: 2 * value,
    "temperature_share": lambda *_: 0,
    "threshold": lambda *_: 0,  # a patch of each byte
    "up_softcap": lambda _, value: 1 if value != 1 else 2,
    **dict.fromkeys(("used", "value_experts_used"), lambda _, value: max(1, value - 1)),
}
"""What a block states without a fact, where that isn't plainly nothing; the same where it can't be without."""
BETTER = {"group": "around the layers", "residual": "branch"}
"""What is said of norms for a kind that only joins."""
ABSENT = "identity"
"""The kind of what stands where a norm was."""


class Without(NamedTuple):
    """What was taken away, as "attention: window", and the scores of the run without it."""

    fact: str
    scores: Array


def each_without(
    architecture: Architecture, weights: Mapping[str, Array], tokens: Sequence[int]
) -> Iterator[Without]:
    """The model's runs, each without one of its wired facts."""
    root = architecture.root
    blocks = [*_blocks(root)]

    def run(change: Callable[[Block], Block]) -> Array:
        made = replace(architecture, root=_everywhere(root, change))
        with np.errstate(over="ignore", invalid="ignore"):  # what no norm holds may grow so far
            return Program(made, file_of(made).text).run(weights, tokens, None)[0]

    file = file_of(architecture)
    program = Program(architecture, file.text)
    asked: set[tuple[tuple[str, ...], str]] = {((kind,), name) for kind, name in file.asked_facts}
    stream = [block for block in blocks if only_wired(block.kind)]
    told = {name for block in stream for name in (*block.facts, *block.settings)}
    asked |= {(WIRED, name) for name in told - OF_PARTS}
    for kinds, name in sorted(asked):
        change = partial(_unstated, kinds=kinds, name=name)
        if any(change(block) is not block for block in blocks):
            yield Without(f"{'stream' if kinds is WIRED else kinds[0]}: {name}", run(change))
    for kind, place in sorted(
        {(block.kind, place) for block in blocks for place in _places(block)}
    ):
        with _passing(kind, place):
            yield Without(
                f"{BETTER.get(kind, kind)}: {place}",
                run(partial(_unnormed, kind=kind, place=place)),
            )
    for role in sorted(
        {tensor.role for block in blocks for tensor in block.tensors} - {"", "weight"} - SIZES
    ):
        zeros = {t.name: np.zeros(t.shape) for t in tensors(root) if t.role == role}
        yield Without(f"array: {role}", program.run({**weights, **zeros}, tokens, None)[0])


def _blocks(block: Block) -> Iterator[Block]:
    """Every block that a text runs through and that gives something: an exit gate says which pass is read, and all run."""
    yield block
    for part in block.inside:
        if part.used and not part.stands_apart and part.kind != "exit_gate":
            yield from _blocks(part)


def _everywhere(root: Block, change: Callable[[Block], Block]) -> Block:
    """A tree with each of its blocks changed; layers that were one object stay one."""
    changed: dict[int, Block] = {}

    def of(block: Block) -> Block:
        if id(block) not in changed:
            made = change(block)
            inside = tuple(map(of, made.inside))
            same = all(part is before for part, before in zip(inside, made.inside, strict=True))
            changed[id(block)] = made if same else replace(made, inside=inside)
        return changed[id(block)]

    return of(root)


def _unstated(block: Block, kinds: tuple[str, ...], name: str) -> Block:
    """A block of those kinds without a fact or setting that it states."""
    value = block.settings.get(name, block.value(name))
    if (
        block.kind not in kinds
        or not value
        or name in SIZES
        or (name.endswith("scale") and value == 1)
    ):
        return block
    other = OTHERWISE[name](block, value) if name in OTHERWISE else None
    if other == value:
        return block
    settings = {key: held for key, held in block.settings.items() if key != name}
    settings |= {} if other is None else {name: other}
    return replace(block.lacking(name), settings=settings)


def _other(value: Any) -> Any:
    """Another number, far enough that whole pairs of channels turn otherwise, or other ones."""
    if isinstance(value, list | tuple):
        return [*map(_other, value)]
    if isinstance(value, bool):
        return not value
    return 64 * value if isinstance(value, int | float) else value


def _places(block: Block) -> Mapping[str, Block]:
    """The norms inside a block by role, or by their place before or after what the block does."""
    norms = {
        index: part
        for index, part in enumerate(block.inside)
        if part.is_norm or (part.kind == "group" and part.roles)
    }
    return {
        next(iter(part.roles), "norm before" if index == 0 else "norm after").replace(
            "_", " "
        ): part
        for index, part in norms.items()
    }


def _unnormed(block: Block, kind: str, place: str) -> Block:
    """A block of that kind without its norm of that role or place."""
    norm = _places(block).get(place) if block.kind == kind else None
    inside = (_gone(part) if part is norm else part for part in block.inside)
    return block if norm is None else replace(block, inside=tuple(inside))


def _gone(norm: Block) -> Block:
    """What is in a norm's place and does nothing."""
    if norm.inside:
        return replace(norm, inside=tuple(map(_gone, norm.inside)))
    return replace(norm, kind=ABSENT, roles=norm.roles or (norm.kind,))


def _passing(kind: str, place: str) -> AbstractContextManager[object]:
    """For mixers that norm by a function of their own, which reads no more of the norm than its scale."""
    if place != "output norm":
        return nullcontext()
    home, name = home_of(kind, "normed")
    if name not in source(home).functions:
        return nullcontext()
    own = deepcopy(source(home).functions[name])
    own.body = [ast.Return(ast.Name(own.args.args[-1].arg, ast.Load()))]
    return patch.dict(source(home).functions, {name: own})
