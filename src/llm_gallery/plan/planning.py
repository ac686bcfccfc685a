"""Decides what a figure shows: layers wired alike become frames, and their mechanisms insets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from llm_gallery.analysis.layers import kinds, schedule
from llm_gallery.analysis.parameters import stored
from llm_gallery.architecture import block as tree
from llm_gallery.architecture.block import (
    Block,
    branch,
    channel_mixers,
    join,
    main_stack,
    mixers,
    model_parts,
    stack_path,
)
from llm_gallery.architecture.kinds import ALTERNATING, GATED_STREAMS, WEIGHED
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.mechanisms import colour_of, is_borrowable
from llm_gallery.mechanisms.per_layer_input import with_fed
from llm_gallery.mechanisms.written import times
from llm_gallery.plan.place import Place, Variant, bounds, gathered, place_of
from llm_gallery.plan.plan import Branch, Fork, OneLayer, Plan, Step, Use
from llm_gallery.plan.stream import Stream

Signature = tuple[object, ...]


@once_a_tree
def plan(root: Block) -> Plan:
    """Groups the layers of a model into frames, and their mixers into insets."""
    layer_kinds = kinds(root)
    order = schedule(root)
    stack, stack_block = stack_path(root), main_stack(root)
    at: list[list[int]] = [[] for _ in layer_kinds]
    for layer, index in enumerate(order):
        at[index].append(layer)
    unlike = [kind.layer for kind in layer_kinds]
    groups = _grouped([_signature(layer) for layer in unlike])
    gated = stack_block is not None and stack_block.value("residual") == GATED_STREAMS
    raw = [
        tuple(
            _normed(made) if gated else made
            for made in _branches([held for i in members for held in _bounded(root, stack, at[i])])
        )
        for members in groups
    ]
    held_by = [tuple(sorted(n for i in members for n in at[i])) for members in groups]
    frames = tuple(map(OneLayer, raw, held_by))
    connections = [b.connection for frame in frames for b in frame.branches if b.connection]
    # Of Inkling 2's the very first reads nothing but the embedding, and has no part.
    first = max(connections, key=lambda one: stored(one.block) > 0, default=None)
    stream = _stream(root, stack_block, None if first is None else first.block)
    wiring = _wiring(root, stack_block, first)
    uses = (*_before(root), *_fed(_uses(frames), root))
    colours = tuple(
        tuple(map(colour_of, (*mixers(layer), *channel_mixers(layer)))) for layer in unlike
    )
    return Plan(root, len(order), order, colours, frames, uses, stream, wiring)


def _grouped(signatures: list[Signature]) -> list[list[int]]:
    """The numbers of equal signatures together, in order of the first."""
    groups: dict[Signature, list[int]] = {}
    for index, signature in enumerate(signatures):
        groups.setdefault(signature, []).append(index)
    return list(groups.values())


def _before(root: Block) -> Iterator[Use]:
    """Memories that join the stream before the first layer: no frame leads to their inset."""
    for path, block in model_parts(root):
        if block.on_tokens:
            yield Use(True, (Variant(block, path, ()),))


def _fed(uses: Iterator[Use], root: Block) -> Iterator[Use]:
    """The insets; that of the layers' own embeddings shows the table and the map that feed all layers too."""
    for use in uses:
        variants = tuple(replace(v, block=with_fed(v.block, root)) for v in use.variants)
        yield replace(use, variants=variants)


def _wiring(root: Block, stack: Block | None, first: Variant | None) -> Use | None:
    """The first connection, with what the stack and the model state of the stream."""
    if stack is None or first is None or "residual" not in stack.facts:
        return None
    stated = {name: root.facts[name] for name in ("width",) if name in root.facts}
    block = replace(first.block, facts={**first.block.facts, **stack.facts, **stated})
    return Use(True, (Variant(block, first.path, tuple(range(len(stack.inside)))),))


def _stream(root: Block, stack: Block | None, connection: Block | None) -> Stream:
    """The stream of a model's stack whose branches have such connections; a plain one where there is no stack."""
    if stack is None:
        return Stream()

    def stated(name: str) -> int | None:
        return stack.number(name) if name in stack.facts else None

    return Stream(
        count=stated("streams") or 1,
        mixes=connection is not None and "mixing" in connection.facts,
        alternates=stack.value("residual") == ALTERNATING,
        scaled=stack.value("residual") in WEIGHED,
        saved_every=stated("saved_every"),
        passes=stated("passes") or 1,
        norms=bool(stack.value("pass_norm")),
        kept=times(root.value("stream_scale")),
        added=times(root.value("residual_scale")),
    )


def _signature(block: Block, *, without_borrowable: bool = False) -> Signature:
    """What two blocks must share to be drawn as one: kinds and parts, not sizes, `without_borrowable` ones or with them.

    Without those it is the inside that is drawn: it says itself which layers have entries, and which read all of them.
    """
    told = (
        {"ratio", *(("selected",) if block.value("ratio") else ())}
        if without_borrowable
        else set[str]()
    )
    names = _STRUCTURE - told
    shape = tuple(sorted(name for name in block.facts if name in names and block.value(name)))
    parts = tuple(
        _signature(part, without_borrowable=without_borrowable)
        for part in branch(block)
        if not (without_borrowable and is_borrowable(part))
    )
    return (block.kind, block.roles, shape, parts)


_STRUCTURE = frozenset(
    {"gate", "gated", "noise_heads", "ratio", "selected", "shared", "shared_gate", "sinks"}
)
"""Facts that change the drawing of a mechanism, not only a number on it."""


def _branches(layers: Sequence[Variant]) -> Iterator[Branch]:
    """The branches of a frame's layers, their blocks gathered place by place."""
    for parts in _inside(layers):
        added = parts[0].block.is_residual
        made = Branch(_steps(parts), added, _connection(parts[0]) if added else None)
        own = parts[0].block.settings
        kept, scaled = times(own.get("stream_scale")), times(own.get("residual_scale"))
        made = replace(made, kept=kept, scaled=scaled)
        apart = any("shortcut" in place.block.facts for place in made.places if place.mixes)
        yield replace(made, apart=apart)


def _normed(made: Branch) -> Branch:
    """A branch with the norm of the streams that its gates read first, which belongs to its connection."""
    connection = made.connection
    norm = (
        None
        if connection is None
        else next((b for b in connection.block.inside if b.is_norm), None)
    )
    if connection is None or norm is None:
        return made
    held = Variant(norm, join(connection.path, norm.name), connection.layers)
    return replace(made, steps=(place_of([held]), *made.steps))


def _connection(held: Variant) -> Variant | None:
    """How a branch reads and writes the stream."""
    connection = next((part for part in held.block.inside if part.connects), None)
    if connection is None:
        return None
    return Variant(connection, join(held.path, connection.name), held.layers)


def _inside(alike: Sequence[Variant]) -> Iterator[list[Variant]]:
    """The parts of blocks that are built alike, place by place."""
    for parts in zip(*(branch(held.block) for held in alike), strict=True):
        yield [
            Variant(part, join(held.path, part.name), held.layers)
            for part, held in zip(parts, alike, strict=True)
        ]


def _steps(alike: Sequence[Variant]) -> tuple[Step, ...]:
    first = alike[0].block
    if first.is_sum:
        columns = tuple(c for parts in _inside(alike) for c in _columns(_steps(parts)))
        return (Fork(columns, times(first.settings.get("sum_scale"))),)
    if first.joins:
        return tuple(step for parts in _inside(alike) for step in _steps(parts))
    return (place_of(gathered(alike)),)


def _columns(steps: tuple[Step, ...]) -> Iterator[tuple[Place, ...]]:
    """One column, or those of a sum that is all there is in it."""
    if len(steps) == 1:
        yield from steps[0].columns
    else:
        yield tuple(Branch(steps).places)


def _bounded(root: Block, stack: str, at: list[int]) -> Iterator[Variant]:
    """The layers of one kind, apart where their bounds differ (Ling 3.0's last ones)."""
    every = tree.layers(root)
    alike: dict[int, list[int]] = {}
    firsts: list[int] = []
    for layer in at:
        like = next((one for one in firsts if bounds(every[one]) == bounds(every[layer])), layer)
        if like == layer:
            firsts.append(layer)
        alike.setdefault(like, []).append(layer)
    for first, same in alike.items():
        yield Variant(every[first], join(stack, str(first)), tuple(same))


def _uses(frames: Sequence[OneLayer]) -> Iterator[Use]:
    """The insets: mixers of tokens first, each in order of the frames."""
    places = [place for frame in frames for place in frame.places if place.mixes]
    for token in (True, False):
        alike: dict[Signature, list[Variant]] = {}
        for place in places:
            if place.block.on_tokens == token:
                like = _signature(place.block, without_borrowable=True)
                alike.setdefault(like, []).extend(place.variants)
        yield from (Use(token, tuple(gathered(variants))) for variants in alike.values())
