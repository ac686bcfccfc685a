"""A figure in sentences: a summary where nobody wrote one, its notes, its description."""

from __future__ import annotations

from collections import Counter

from llm_gallery import mechanisms
from llm_gallery.analysis.doubts import doubts, some_of
from llm_gallery.analysis.layers import kinds, pattern
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import (
    Architecture,
    Block,
    channel_mixer,
    distinct_layers,
    mixers,
    walk,
)
from llm_gallery.comparison.phrases import listed
from llm_gallery.mechanisms.wording import small
from llm_gallery.plan import block_names
from llm_gallery.plan.block_names import layers
from llm_gallery.plan.heading import Heading, Models
from llm_gallery.plan.naming import owners
from llm_gallery.plan.one_layer import layers_of
from llm_gallery.plan.plan import Fork, OneLayer, Plan, Step
from llm_gallery.plan.planning import plan

LONGEST = 110
"""Characters of a pattern that is still read as one, and of two notes on one line."""


def kind(root: Block) -> str:
    """ "dense", "sparse mixture of experts", "hybrid", "hybrid mixture of experts"."""
    layers = distinct_layers(root)
    tokens = [block for layer in layers for block in mixers(layer)]
    experts = any(block.is_mixture for layer in layers for _, block in walk(layer))
    if len({block.kind for block in tokens if not block.reads_beside}) > 1:
        return "hybrid mixture of experts" if experts else "hybrid"
    if any(block.recurs for block in tokens):
        return "recurrent mixture of experts" if experts else "recurrent"
    return "sparse mixture of experts" if experts else "dense"


def sentence(architecture: Architecture, shown: Plan) -> str:
    """One line on the stack: "32 layers of grouped-query attention and a gated MLP."."""
    layer_kinds = kinds(architecture.root)
    depth = layers(shown.depth)
    if len(layer_kinds) != 1:
        whole = pattern(architecture.root)
        if len(whole) > LONGEST:
            counts = Counter[str]()
            for kind in layer_kinds:
                counts[kind.name] += kind.count
            whole = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        return f"{depth}: {whole}."
    layer = layer_kinds[0].layer
    channel = channel_mixer(layer)
    parts = []
    for token in mixers(layer):
        named = mechanisms.title(token)
        if token.keeps_heads:
            sharing = block_names.subtitle([token]).split(" (")[0]
            parts.append(f"{sharing} {named.inline}")
            continue
        parts.append(named)
    if channel is not None:
        named = mechanisms.title(channel)
        parts.append(named if named == "MLP" else f"a {small(named)}")
    return f"{depth} of {listed(parts)}." if parts else ""


def notes(architecture: Architecture) -> list[str]:
    """What a reader must know before relying on the numbers."""
    notes = doubts(architecture)
    if architecture.assumed:
        keys = some_of(
            tuple(sorted(map(_short_key, architecture.assumed), key=lambda key: "." in key))
        )
        source = architecture.guess or "the reference implementation"
        notes.append(f"Not in the config, taken from {source}: {keys}.")
    return notes


def foot_notes(architecture: Architecture, shown: Plan) -> list[str]:
    """The same, and whose names those are that one maker alone uses."""
    said = notes(architecture)
    whose = owners(shown.named) if shown.naming != "plain" else ""
    if not whose:
        return said
    if said and len(said[-1]) + len(whose) < LONGEST:
        return [*said[:-1], f"{said[-1].removesuffix('.')}. {whose}"]
    return [*said, whose]


def _short_key(key: str) -> str:
    """A key as it is written; one of a tower with the part of the config that it belongs to."""
    return key if key.startswith("vision") else key.rsplit(".", 1)[-1]


def description(architecture: Architecture, shown: Plan) -> str:
    """The figure in plain words, for those who can't see it."""
    counts = parameters(architecture.root)
    size = f"{short(counts.total)} parameters"
    if counts.sparse:
        size += f", of which {counts.active_words} run for one token"
    lines = [f"{layers(shown.depth)}, {size}."]
    for one in layers_of(shown.root):
        parts = []
        for branch in one.branches:
            end = ", added to the stream" if branch.added else " on the stream"
            parts.append(", then ".join(_step(one, step) for step in branch.steps) + end)
        often = "One layer" if one.layers == 1 else f"{layers(one.layers)}, each"
        lines.append(f"{often}: " + "; ".join(parts) + ".")
    return " ".join(lines)


def _step(one: OneLayer, step: Step) -> str:
    """What stands at a place, and in how many layers where not all have it; or columns side by side."""
    if isinstance(step, Fork):
        columns = ((_step(one, place) for place in column) for column in step.columns)
        return " beside ".join(", then ".join(column) for column in columns)
    return " or ".join(
        choice.name if choice.layers == one.layers else f"{choice.name} in {layers(choice.layers)}"
        for choice in step.choices
    )


def models(models: Models) -> str:
    """Several models in plain words, a sentence each."""
    return " ".join(
        f"{heading.line}: "
        f"{short(parameters(architecture.root).total)} parameters, "
        f"{sentence(architecture, plan(architecture.root)) or 'no layers.'}"
        for architecture, heading in models
    )


def title(heading: Heading) -> str:
    """The figure's name."""
    return f"Architecture of {heading.line if heading.name.strip() else 'an unnamed model'}"
