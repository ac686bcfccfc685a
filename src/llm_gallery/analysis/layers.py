"""Layer kinds, their schedule over the depth, and the folded pattern that people say aloud."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from llm_gallery.architecture.block import (
    Block,
    branch,
    channel_mixer,
    layers,
    mixers,
    remembers,
    walk,
)
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.architecture.repeats import Run, equal_runs, fold
from llm_gallery.mechanisms import label

REPLACED = "linear"
"""What a layer is called whose only mixer is a matrix."""


@dataclass(frozen=True, slots=True)
class LayerKind:
    """Layers that are equal in every part but their connections to the stream; `mixer` and `channels` are labels, None where there is none."""

    name: str  # by the mixer, and by the channel mixer where that varies
    mixer: str | None
    channels: str | None
    count: int
    layer: Block


@once_a_tree
def kinds(root: Block) -> tuple[LayerKind, ...]:
    """The kinds of layer in order of first appearance, counted."""
    unlike, order = _distinct(root)
    parts = _told_apart(unlike)
    mixed = {m for m, _ in parts}
    channels_vary = len({c for m, c in parts if m is not None or c is not None}) > 1
    named = [
        _name(layer, m, c, with_channels=channels_vary and None not in mixed)
        for layer, (m, c) in zip(unlike, parts, strict=True)
    ]
    return tuple(
        LayerKind(named[i], *parts[i], count=order.count(i), layer=layer)
        for i, layer in enumerate(unlike)
    )


def schedule(root: Block) -> tuple[int, ...]:
    """For each layer, first to last, the index of its kind in `kinds(root)`."""
    return _distinct(root)[1]


def folded(root: Block) -> tuple[Run, ...]:
    """The schedule as runs of repeating units."""
    return fold(schedule(root))


def pattern(root: Block) -> str:
    """The folded schedule in words: "3 dense + 58 MoE", "(3 Gated DeltaNet + 1 gated GQA) × 12"."""
    layer_kinds = kinds(root)
    names = short_names(layer_kinds)
    if len({kind.name for kind in layer_kinds}) == 1:  # told apart by what no name says
        return f"{len(layers(root))} {layer_kinds[0].name}"
    return " + ".join(_run(run, names) for run in folded(root))


def brief(root: Block, room: int) -> str:
    """The pattern where it is at most so many characters; else how many layers of each kind, or of each mixer.

    Of these the commonest, as many as there is room for, with a count of the others: "45 sliding-window gated GQA +
    15 full gated NoPE GQA".
    """
    whole = pattern(root)
    if len(whole) <= room:
        return whole
    layer_kinds = kinds(root)
    by_kind = Counter({kind.name: kind.count for kind in layer_kinds})
    by_mixer: Counter[str] = Counter()
    for kind in layer_kinds:
        by_mixer[kind.mixer or kind.name] += kind.count
    for counts in (by_kind, by_mixer):
        parts = [f"{count} {name}" for name, count in counts.most_common()]
        if len(" + ".join(parts)) <= room:
            return " + ".join(parts)
    fitting = max(n for n in range(1, len(parts)) if n == 1 or len(" + ".join(parts[:n])) <= room)
    left = len(parts) - fitting
    return f"{' + '.join(parts[:fitting])} + {left} {'kind' if left == 1 else 'kinds'} more"


def short_names(layer_kinds: tuple[LayerKind, ...]) -> tuple[str, ...]:
    """The least that tells the kinds apart: the channel mixer alone where all mixers are one."""
    mixers = {kind.mixer for kind in layer_kinds}
    if len(layer_kinds) > 1 and len(mixers) == 1 and None not in mixers:
        return tuple(_channel_word(kind.layer, kind.channels) for kind in layer_kinds)
    return tuple(kind.name for kind in layer_kinds)


@once_a_tree
def _distinct(root: Block) -> tuple[tuple[Block, ...], tuple[int, ...]]:
    """The different layers, and for each layer the index of its like."""
    unlike: list[Block] = []
    compared: list[Block] = []
    by_identity: dict[int, int] = {}
    order = []
    for layer in layers(root):
        if id(layer) not in by_identity:
            bare = _without_connections(layer)
            if bare not in compared:
                compared.append(bare)
                unlike.append(layer)
            by_identity[id(layer)] = compared.index(bare)
        order.append(by_identity[id(layer)])
    return tuple(unlike), tuple(order)


def _without_connections(layer: Block) -> Block:
    """The layer as what it computes; most layers have no connections of their own and stay as they are."""
    if all(len(branch(part)) == len(part.inside) for part in layer.inside):
        return layer
    return replace(layer, inside=tuple(replace(p, inside=branch(p)) for p in layer.inside))


def _labels(layer: Block) -> tuple[str | None, str | None]:
    tokens, channels = mixers(layer), channel_mixer(layer)
    names = _joint([label(token) for token in tokens])
    return (
        (names + remembers(layer) * " with n-grams") or None,
        (REPLACED if replacements(layer) else None) if channels is None else label(channels),
    )


def _several(layer: Block) -> bool:
    """Whether it has mixers of several names side by side."""
    return len(set(map(label, mixers(layer)))) > 1 or len(mixers(layer)) > 2


def replacements(layer: Block) -> int:
    """How many of its branches are one matrix, in place of attention or of an MLP."""
    return sum("replacement" in block.roles for _, block in walk(layer))


def _joint(names: list[str]) -> str:
    """Several mixers of a layer as one name: "Mamba-2 + GQA", and "double MLA" for two alike."""
    if len(names) == 2 and names[0] == names[1]:
        return f"double {names[0]}"
    return " + ".join(names)


def _told_apart(layers: Sequence[Block]) -> list[tuple[str | None, str | None]]:
    """The labels of layers; beside windows or chunks, attention that sees everything is called full."""
    parts = [_labels(layer) for layer in layers]
    if not any(map(_limited, layers)):
        return parts
    return [
        (f"full {tokens}" if _sees_everything(layer) else tokens, channels)
        for layer, (tokens, channels) in zip(layers, parts, strict=True)
    ]


def _limited(layer: Block) -> bool:
    """Whether one of a layer's mixers reads a window or a chunk, and nothing beyond it."""
    attending = (token for token in mixers(layer) if token.attends and "ratio" not in token.facts)
    return any("window" in token.facts or "chunk" in token.facts for token in attending)


def _sees_everything(layer: Block) -> bool:
    """Whether a layer's last mixer is attention to all tokens, one by one."""
    tokens = mixers(layer)
    attends = bool(tokens) and tokens[-1].attends and "ratio" not in tokens[-1].facts
    return attends and not _limited(layer) and not remembers(layer)


def _name(layer: Block, tokens: str | None, channels: str | None, *, with_channels: bool) -> str:
    if tokens is None:
        return channels or "empty"
    if not with_channels or (channels is None and not _several(layer)):
        return tokens
    return f"{tokens}, {_channel_word(layer, channels)}"


def _channel_word(layer: Block, channels: str | None) -> str:
    """Beside experts, however they are chosen, an MLP is called dense."""
    mixer = channel_mixer(layer)
    return channels if channels and mixer is not None and mixer.is_mixture else "dense"


def _run(run: Run, names: tuple[str, ...]) -> str:
    groups = equal_runs(run.unit)
    if len(groups) == 1:
        return f"{groups[0].times * run.times} {names[run.unit[0]]}"
    singles = all(group.times == 1 for group in groups)
    inner = " + ".join(
        names[group.unit[0]] if singles else f"{group.times} {names[group.unit[0]]}"
        for group in groups
    )
    return inner if run.times == 1 else f"({inner}) × {run.times}"
