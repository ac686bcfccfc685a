"""A model as the comparison sees it: its parts by role with plain facts, and the traits of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.mechanisms import label, sharing
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import (
    APART,
    CHANNEL_MIXERS,
    TOKEN_MIXERS,
    Architecture,
    Block,
    layers,
    walk,
)
from llm_gallery.architecture.repeats import fold

Role = Literal["model", "token_mixer", "channel_mixer"]
Plain = int | float | str | bool | None
Value = Plain | tuple[Plain, ...]
"""A tuple where the layers of one part differ in a fact: its values in order of first appearance."""

LENGTH = 32_768
"""Tokens at which compute is compared."""


class Described(Protocol):
    """What can be compared: the catalog's models are such, and `Subject`."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def architecture(self) -> Architecture: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A model that no catalog holds."""

    id: str
    name: str
    architecture: Architecture


@dataclass(frozen=True, slots=True)
class Place:
    """In which layers a part stands: the first ones, or some in each repeating unit."""

    count: int
    of: int
    words: str  # "all", "first 3", "1 in 6", "10 of 62"


@dataclass(frozen=True, kw_only=True)
class Part:
    """Layers' parts that differ in numbers at most: one mechanism, one reach, with positions or without."""

    role: Role
    kind: str
    reach: str  # "", "window" or "chunk"
    rotated: bool  # knows positions
    label: str
    place: Place
    facts: Mapping[str, Value]
    block: Block  # the first such
    layers: tuple[int, ...]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells the parts of one model apart."""
        return (self.role, self.kind, self.reach, "" if self.rotated else "no positions")


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """Everything that two models are compared by; made once a model."""

    id: str
    name: str
    architecture: Architecture
    traits: Mapping[str, Value]
    parts: tuple[Part, ...]

    @cached_property
    def consequences(self) -> Mapping[str, int]:
        """Counts and bytes that follow from the rest."""
        root = self.architecture.root
        counted, kept = parameters(root), cache(root)
        return {
            "total": counted.total,
            "active": counted.active,
            "cache_bytes_per_token": kept.bytes_per_token,
            "cache_bytes_per_token_long": kept.bytes_per_token_long,
            "state_bytes": kept.state_bytes,
            "flops_per_token": flops_per_token(root, LENGTH),
        }


def portrait(model: Described) -> Portrait:
    """The portrait of a described model."""
    root = model.architecture.root
    stacked = layers(root)
    seen: dict[int, tuple[Block, ...]] = {}
    rows = [seen.setdefault(id(layer), tuple(_mixers(layer))) for layer in stacked]
    return Portrait(
        id=model.id,
        name=model.name,
        architecture=model.architecture,
        traits=_traits(model.architecture, stacked),
        parts=tuple(_parts(rows)),
    )


def _parts(rows: Sequence[tuple[Block, ...]]) -> Iterator[Part]:
    found: dict[tuple[str, str, str, bool], tuple[list[Block], dict[int, None]]] = {}
    for index, row in enumerate(rows):
        for block in row:
            blocks, places = found.setdefault(_key(block), ([], {}))
            if not any(block is held for held in blocks):
                blocks.append(block)
            places[index] = None
    for (role, kind, reach, rotated), (blocks, places) in found.items():
        yield Part(
            role="token_mixer" if role == "token_mixer" else "channel_mixer",
            kind=kind,
            reach=reach,
            rotated=rotated,
            label=_label(blocks[0]),
            place=place(tuple(places), len(rows)),
            facts=_merged([facts(block) for block in blocks]),
            block=blocks[0],
            layers=tuple(places),
        )


def _key(block: Block) -> tuple[str, str, str, bool]:
    reach = "window" if "window" in block.facts else "chunk" if "chunk" in block.facts else ""
    role = "token_mixer" if block.kind in TOKEN_MIXERS else "channel_mixer"
    return (role, block.kind, reach, block.value("position") != "none")


def _label(block: Block) -> str:
    """The field's name without the qualities that are facts of their own."""
    if block.kind == "attention":
        reach = {"window": "sliding-window ", "chunk": "chunked "}.get(_key(block)[2], "")
        return reach + sharing(block)
    return "MLP" if block.kind == "mlp" else label(block)


def place(indices: Sequence[int], count: int) -> Place:
    """Where layers stand in a stack of `count`."""
    if len(indices) == count:
        return Place(count, count, "all")
    if indices[-1] == len(indices) - 1:
        return Place(len(indices), count, f"first {len(indices)}")
    if indices[0] == count - len(indices):
        return Place(len(indices), count, f"all but the first {indices[0]}")
    chosen = set(indices)
    run = max(fold([int(i in chosen) for i in range(count)]), key=lambda run: run.layers)
    unit = len(run.unit)
    if run.times > 1 and run.layers + unit > count:
        return Place(len(indices), count, f"{sum(run.unit)} in {unit}")
    return Place(len(indices), count, f"{len(indices)} of {count}")


def _merged(held: Sequence[Mapping[str, Value]]) -> dict[str, Value]:
    """One mapping; where the blocks differ, their values in order."""
    if len(held) == 1:
        return dict(held[0])
    names = dict.fromkeys(name for one in held for name in one)
    merged: dict[str, Value] = {}
    for name in names:
        values = tuple(dict.fromkeys(one.get(name) for one in held))
        flat = tuple(v for value in values for v in (value if isinstance(value, tuple) else (value,)))
        merged[name] = flat[0] if len(flat) == 1 else flat
    return merged


def facts(block: Block) -> dict[str, Value]:
    """The facts of a mixer as they are compared: what is absent, off or neutral is left out."""
    held: dict[str, Value] = {
        name: fact.value
        for name, fact in block.facts.items()
        if fact.value is not False and fact.value is not None and NEUTRAL.get(name) != fact.value
    }
    if block.kind == "attention":
        held["sharing"] = sharing(block)
    if "rotated" in held and (rotated := held.pop("rotated")) != block.value("head_dim"):
        held["rotated_share"] = int(str(rotated)) / block.number("head_dim")
    for name in ("scale_dim", "value_dim"):
        if block.kind == "attention" and held.get(name) == block.value("head_dim"):
            held.pop(name)
    if "groups" not in held:
        held.pop("groups_used", None)
    if held.get("sharing") != "GQA" and block.kind == "attention":
        held.pop("kv_heads")
    if block.kind in CHANNEL_MIXERS:
        for name in ("width", "activation", "gated"):
            held.pop(name, None)
    held.update(_shared_width(block))
    held.pop("state_dtype", None)
    for part in block.inside:
        if part.kind not in _PLAIN_PARTS:
            held.update(_nested(part))
    return held


def _nested(part: Block) -> Iterator[tuple[str, Value]]:
    """A part that no fact of its parent speaks of, and its own facts."""
    yield part.kind, True
    yield from (
        (f"{part.kind}.{name}", value)
        for name, value in facts(part).items()
        if name not in ("inputs", "outputs", "width", "vocabulary", "bias")
    )


def _shared_width(block: Block) -> Iterator[tuple[str, Value]]:
    """The width of the shared experts, where it is no multiple of that of the others."""
    for part in block.inside:
        if block.value("shared") and part.kind == "mlp" and part.copies == 1 and not part.stacked:
            inner = part.number("inner")
            if inner != block.number("shared") * block.number("inner"):
                yield "shared_inner", inner


def _channel_mlps(layer: Block) -> Iterator[Block]:
    """The MLPs of a layer: its own, or its experts."""
    for block in _mixers(layer):
        if block.kind in CHANNEL_MIXERS:
            yield from (part for _, part in walk(block) if part.kind == "mlp")


def activation(block: Block) -> str:
    """An MLP by the field's name: SwiGLU, GeGLU, GELU, squared ReLU ..."""
    spelled, gated = str(block.value("activation")), block.value("gated") is True
    plain = "GELU" if spelled.startswith("gelu") else _ACTIVATIONS.get(spelled, spelled)
    if not gated:
        return plain
    return {"SiLU": "SwiGLU", "GELU": "GeGLU"}.get(plain, f"gated {plain}")


_ACTIVATIONS = {"silu": "SiLU", "swish": "SiLU", "relu": "ReLU", "relu2": "squared ReLU"}
_PLAIN_PARTS = (
    "linear", "rms_norm", "layer_norm", "convolution", "router", "shared_gate", "mlp", "group",
    "tensors",
)  # fmt: skip
"""Parts of a mixer that its own facts speak of."""

NEUTRAL: Mapping[str, Plain] = {
    "groups": 1,
    "shared": 0,
    "scale": 1.0,
    "passes": 1,
    "embedding_scale": 1.0,
    "residual_scale": 1.0,
    "logit_scale": 1.0,
}
"""Values that change nothing."""


def _mixers(block: Block) -> Iterator[Block]:
    """Token and channel mixers of a layer, without those inside another."""
    if block.kind in TOKEN_MIXERS or block.kind in CHANNEL_MIXERS:
        yield block
        return
    for part in block.inside:
        yield from _mixers(part)


def _traits(architecture: Architecture, stacked: Sequence[Block]) -> dict[str, Value]:
    root = architecture.root
    held: dict[str, Value] = {"layers": len(stacked)}
    held.update(facts(Block("root", facts=root.facts)))
    for block in _outside_layers(root):
        if block.kind in ("embedding", "position_embedding", "head", "group", "language_model"):
            continue
        if block.kind in _NORMS:
            held["final_norm"] = _norm(block)
        elif block.kind in APART:
            before = held.get(block.kind, 0)
            held[block.kind] = 1 + (before if isinstance(before, int) else 0)
        elif block.kind == "stack":
            held.update(facts(Block("stack", facts=block.facts)))
        elif block.kind not in ("linear", "tensors"):
            held.update(_nested(block))
    distinct = list({id(layer): layer for layer in stacked}.values())
    held["wiring"] = _one(map(_wiring, distinct))
    held["activation"] = _one(activation(c) for layer in distinct for c in _channel_mlps(layer))
    held["norm_placement"] = _one(p for layer in distinct if (p := _placement(layer)))
    held["norm"] = _one(_norm(n) for layer in distinct for n in _layer_norms(layer))
    held.update(_flows(architecture))
    return {name: value for name, value in held.items() if value is not None}


def _flows(architecture: Architecture) -> Iterator[tuple[str, Value]]:
    """How often something flows outside the tree, by what flows; modules beside the model imply theirs."""
    apart = tuple(block.name for block in architecture.root.inside if block.kind in APART)
    counts: dict[str, int] = {}
    for link in architecture.links:
        if not link.target.startswith(apart):
            counts[link.flow] = counts.get(link.flow, 0) + 1
    for flow, count in counts.items():
        yield f"flow.{flow}", count


def _outside_layers(block: Block) -> Iterator[Block]:
    """The blocks of a model down to the stack and what stands beside it, without their insides."""
    yield block
    if block.kind in ("language_model", "group"):
        for part in block.inside:
            yield from _outside_layers(part)


_NORMS = ("rms_norm", "layer_norm")


def _norm(block: Block) -> str:
    if block.kind == "rms_norm":
        return "RMSNorm" if block.tensors else "RMSNorm without weights"
    if not block.tensors:
        return "LayerNorm without weights"
    return "LayerNorm" if block.value("bias") is not False else "LayerNorm without bias"


def _layer_norms(block: Block) -> Iterator[Block]:
    """Norms on the stream, not those inside a mixer."""
    if block.kind in _NORMS:
        yield block
    elif block.kind in ("layer", "residual", "sum", "group"):
        for part in block.inside:
            yield from _layer_norms(part)


def _placement(layer: Block) -> str | None:
    """ "pre", "post" or "sandwich" by the branches of a layer."""
    places = []
    for _, block in walk(layer):
        if block.kind != "residual" or not block.inside:
            continue
        norms = [part.kind in _NORMS for part in block.inside]
        if any(norms):
            both = norms[0] and norms[-1]
            places.append("sandwich" if both else "pre" if norms[0] else "post")
    found = dict.fromkeys(places)
    return None if not found else next(iter(found)) if len(found) == 1 else "mixed"


def _wiring(layer: Block) -> str:
    """What each branch of a layer holds: "t, c" one after the other, "t + c" side by side."""
    return ", ".join(filter(None, (_branch(part) for part in layer.inside)))


def _branch(block: Block) -> str:
    if block.kind in TOKEN_MIXERS:
        return "t"
    if block.kind in CHANNEL_MIXERS:
        return "c"
    inner = [words for part in block.inside if (words := _branch(part))]
    return (" + " if block.kind == "sum" else " then ").join(inner)


def _one(values: Iterable[str]) -> Value:
    """The value that all share, else all of them in order."""
    found = tuple(dict.fromkeys(values))
    if not found:
        return None
    return found[0] if len(found) == 1 else found
